import { describe, expect, it } from 'vitest';
import { cpuTimesOf, diskBytesOf, networkBytesOf } from './proc-files.ts';

describe('what Linux tells of the machine', () => {
  it('counts processors as busy but for idling and waiting for a disk, and guests once', () => {
    const text = 'cpu  100 20 30 1000 50 5 6 7 40 2\ncpu0 50 10 15 500 25 3 3 3 20 1\nintr 1 2 3\n';
    expect(cpuTimesOf(text)).toEqual({ busy: 168, all: 1218 });
    expect(cpuTimesOf('cpu  1 2 3 4\n')).toEqual({ busy: 6, all: 10 });
    expect(cpuTimesOf('nothing of the kind')).toBeNull();
  });

  it('counts whole disks alone, not their partitions nor what lies over them', () => {
    const text = [
      '   8       0 sda 1000 0 2000 300 500 0 4000 100 0 0 0 0 0 0 0 0 0',
      '   8       1 sda1 900 0 1900 300 400 0 3900 100 0 0 0 0 0 0 0 0 0',
      ' 259       0 nvme0n1 1 0 8 0 1 0 16 0 0 0 0',
      ' 253       0 dm-0 1000 0 2000 300 500 0 4000 100 0 0 0 0 0 0 0 0 0',
      '   7       0 loop0 5 0 5000 0 0 0 0 0 0 0 0 0 0 0 0 0 0',
    ].join('\n');
    const disks = new Set(['sda', 'nvme0n1', 'dm-0', 'loop0']);
    expect(diskBytesOf(text, disks)).toEqual({ inBytes: 2008 * 512, outBytes: 4016 * 512 });
    expect(diskBytesOf(text, new Set(['loop0']))).toBeNull();
  });

  it('counts network cards without loopback and what containers see of the same bytes', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo: 9999999   10    0    0    0     0          0         0  9999999      10    0    0    0     0       0          0',
      '  eth0:1000      10    0    0    0     0          0         0  2000      10    0    0    0     0       0          0',
      'wlp2s0: 50       10    0    0    0     0          0         0  60      10    0    0    0     0       0          0',
      'docker0: 700      10    0    0    0     0          0         0  700      10    0    0    0     0       0          0',
      'veth12: 700      10    0    0    0     0          0         0  700      10    0    0    0     0       0          0',
    ].join('\n');
    expect(networkBytesOf(text)).toEqual({ inBytes: 1050, outBytes: 2060 });
    expect(networkBytesOf('    lo: 1 2 3 4 5 6 7 8 9 10\n')).toBeNull();
  });
});
