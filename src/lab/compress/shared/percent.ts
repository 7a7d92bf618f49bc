/** A share as people write it: 0.55 becomes "55 %". Twelve digits hide what binary fractions cannot hold. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}
