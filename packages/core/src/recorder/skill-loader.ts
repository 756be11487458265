// How a skill comes to life on the recorder thread: its module is loaded, and what it listens to ends with it.
import type { Skill, SkillSpec } from '../skill.ts';
import type { SkillHostOptions } from '../skill-host.ts';
import type { RecorderContext, SkillFactory } from './context.ts';
import type { ProbeFeeds } from './probe-feeds.ts';

type SkillLoader = Required<Pick<SkillHostOptions, 'loader' | 'onClosed'>>;

export function createSkillLoader(context: RecorderContext, feeds: ProbeFeeds): SkillLoader {
  const endings = new WeakMap<Skill, () => void>();
  return {
    async loader(spec) {
      const own = feeds.open();
      let isOpen = true;
      const end = (): void => {
        isOpen = false;
        own.close();
      };
      const onStall: RecorderContext['onStall'] = (listener) => context.onStall(() => isOpen && listener());
      const ownContext: RecorderContext = Object.create(context, { onStall: { value: onStall } });
      try {
        const make = await loadFactory(spec);
        const skill = await make(ownContext, spec.options, ...(spec.probes ?? []).map(own.of));
        endings.set(skill, end);
        return skill;
      } catch (error) {
        end();
        throw error;
      }
    },
    onClosed: (skill) => endings.get(skill)?.(),
  };
}

async function loadFactory({ module, exportName }: SkillSpec): Promise<SkillFactory> {
  const loaded = (await import(module)) as Record<string, unknown>;
  const factory = loaded[exportName];
  if (typeof factory !== 'function') throw new TypeError(`${module} has no function named "${exportName}".`);
  return factory as SkillFactory;
}
