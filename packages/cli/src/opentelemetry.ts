// `nodelens/opentelemetry`: the bridge to OpenTelemetry for those who connect it themselves.
export * from '@nodelens/core/opentelemetry';
