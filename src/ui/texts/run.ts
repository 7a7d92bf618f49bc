/** What is being computed. */
export const run = {
  title: 'Computing',
  progress: 'Progress',
  idle: 'Nothing is running.',
  looking: 'Looking for the model …',
  opening: 'Reading the model …',
  loading: (done: string, of: string) => `Loading the model: ${done} of ${of}`,
  local: 'Everything is computed on this machine; nothing leaves it.',
  device: (device: string, checkedTo: string | null) =>
    `${device}${checkedTo === null ? '' : `, checked against WebAssembly to ${checkedTo}`}`,
  failed: (model: string, message: string) => `${model}: ${message}`,
  sample: (amount: string) => `First samples: ${amount}`,
  amount: (done: string, of: string) => `${done} of ${of} answers`,
  now: (label: string) => `now ${label}`,
  rate: (rate: string) => `${rate} a second`,
  left: (time: string) => `${time} left`,
  paused: (amount: string) => `Paused: ${amount} are there and kept.`,
  stopped: (amount: string) => `Stopped: ${amount} are there and kept.`,
  finished: (of: string) => `All ${of} answers are there.`,
};
