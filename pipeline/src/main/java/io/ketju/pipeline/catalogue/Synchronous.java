package io.ketju.pipeline.catalogue;

import java.util.List;

/** What the page of schedules says of those with a flush. */
final class Synchronous {
    /** Lines of Markdown; a test compares the table with the simulator. */
    static final List<String> TEXT = """
            What a step takes by the simulator where F, I and W of all that a rank has take 1 each and hops nothing, and the most that a
            rank holds, in micro-batches.

            | schedule | 4 ranks, 8 micro-batches | 8 ranks, 16 micro-batches | held there |
            |---|---|---|---|
            | no bubble | 24 | 48 | |
            | `GPipe` | 33 | 69 | 16 |
            | `1F1B` | 33 | 69 | 8 |
            | `Eager1F1B` | 33 | 69 | 15 |
            | `Interleaved1F1B(2)` | 28.5 | 58.5 | 11.5 |
            | `Interleaved1F1B(4)` | 26.25 | 53.25 | 9.75 |
            | `LoopedBFS(2)` | 28.5 | 58.5 | 16 |
            | `ZB1P` | 27 | 55 | 8 |
            | `ZB2P` | 27 | 55 | 15 |
            | `InterleavedZB(2)` | 25.5 | 51.5 | 8 |
            | `InterleavedZB(4)` | 24.75 | 49.75 | 8 |
            | `ZBV` | 25.5 | 51.5 | 8 |
            | `VHalf` | 26.5 | 56.5 | 5 |
            | `VMin` | 29.5 | 61.5 | 4 |
            | `DualPipeV` | 25.5 | 51.5 | 8.5 |

            `DualPipeV` has the order of PyTorch's `ScheduleDualPipeV`, action for action; a test compares them. A pair of a forward and a
            backward is two actions here, each of which waits for its own input only. Where a pair begins when both inputs are
            there, as one kernel call would, it takes 27 and 55. 26 and 52 come out of another reading of its last backwards: split
            from a backward of the second stage on, on every rank. On ranks of even number their authors begin one action later,
            with one of the first stage, and save half a unit.
            """.lines().toList();

    private Synchronous() {}
}
