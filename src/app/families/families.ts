export async function openFamilies(_: string) {}
export function leaveFamilies() {}
