const { env } = process;

export const config = {
  port: Number(env.PORT ?? 0),
  pricing: env.PRICING_URL,
  stock: env.STOCK_URL,
  risk: env.RISK_URL,
  mail: env.MAIL_URL,
  timeoutMs: 2_000,
};
