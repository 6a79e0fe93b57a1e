import {
  CircleCheck,
  CircleDashed,
  CircleX,
  type LucideIcon,
  OctagonX,
  Scale,
  TriangleAlert,
} from 'lucide-react';
import type { Verdict } from '#shared/model/advice.ts';

interface Look {
  icon: LucideIcon;
  tone: 'healthy' | 'degraded' | 'unhealthy' | 'off';
}

/** How each verdict is marked; beside its word, never alone. */
export const verdictLooks: Record<Verdict, Look> = {
  idleInTransaction: { icon: OctagonX, tone: 'unhealthy' },
  blocked: { icon: OctagonX, tone: 'unhealthy' },
  leak: { icon: CircleX, tone: 'unhealthy' },
  tooLittleData: { icon: CircleDashed, tone: 'off' },
  slowServer: { icon: OctagonX, tone: 'unhealthy' },
  tooSmall: { icon: TriangleAlert, tone: 'degraded' },
  tooLarge: { icon: Scale, tone: 'degraded' },
  rightSized: { icon: CircleCheck, tone: 'healthy' },
};
