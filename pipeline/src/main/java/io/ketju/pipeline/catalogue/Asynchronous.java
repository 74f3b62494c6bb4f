package io.ketju.pipeline.catalogue;

import java.util.List;

/** What the page of schedules says of those without a flush. */
final class Asynchronous {
    /** Lines of Markdown. */
    static final List<String> TEXT = """
            Without a flush a rank goes on with the next mini-batch before the last one's update, so that it is never idle, and
            runs on weights that are some updates old. Which version of the weights each micro-batch uses on each rank is a
            function of the plan, never of what arrives when: such runs are as repeatable as all others, over threads, sockets and
            processes, and after a resumed checkpoint. Their numbers depend on the cut and on the schedule, though, so a run goes on
            with the same of both only.

            With all but `PipeDream2BW` every micro-batch is an update: a job's mini-batch of `batch` samples in
            `microbatches` parts becomes that many mini-batches, each with its own denominator and its own commit of statistics, and
            steps and rates count updates. So the rate wants to be lower than that of whole mini-batches. Bounds on the norm of all
            gradients and rates that watch the run are refused there; `PipeDream2BW` takes them. Objectives are refused with all.

            `WeightPrediction` and `PipeMare` keep no old weights and make up for it. The first runs forwards on weights moved on by
            the updates that are to come before the micro-batch's own, at the rates that the job's schedule has for them, in the
            direction of the last one; a parameter's copy on another stage than its owner's is not moved, as the optimizer's state
            is with the owner. The second begins with learning rates divided by the delay, and runs backwards on weights moved back
            by a running mean of what updates changed; the mean begins anew with every stretch.

            From one drain to the next is a stretch: a data epoch, or less if the run is stopped. Within one, the update of the k-th
            mini-batch (from 0) goes to weights that are at most so many updates newer than those that its forward used on rank r:
            min(k, p - 1 - r), with vertical_sync min(k, p - 1), with `PipeDream2BW` min(k, 1).
            Every stage keeps the books over it, and anything else stops the run; `ketju info RUN` shows them. Evaluation, prediction
            and checkpoints have the newest weights of all stages, after a drain. A parameter that several stages share is updated on
            its owner; the others wait for it in their step, which leaves idle time.

            Test accuracy on 3 stages in the same number of epochs, seed 1, JDK 25.0.3 on 2 processors of an AMD EPYC: the digits with
            `--optimizer "SGD(lr=0.02, momentum=0.9)"`, the default job with the rate in the table (its own is 0.002). At `lr=0.1`, that of
            the digits' job with a flush, `PipeDream`, `PipeDream2BW`, `WeightPrediction`, `PipeMare` and `NoStash` do not learn the
            digits at all: old gradients and momentum want a smaller step. `./ketju example staleness` repeats the digits, with
            `--full` the default job, and draws the curves of their losses.

            | schedule | `jobs/mlp-digits.conf`, 30 epochs | default job, 15 epochs | `--lr` |
            |---|---|---|---|
            | `1F1B` | 91.9 %, 1,350 updates | 87.6 %, 1,185 updates | 0.002 |
            | `PipeDream` | 92.8 %, 5,400 updates | 87.6 %, 9,375 updates | 0.0005 |
            | `PipeDream(vertical_sync=true)` | 94.7 %, 5,400 updates | 87.5 %, 9,375 updates | 0.0005 |
            | `PipeDream2BW` | 91.1 %, 1,350 updates | 87.6 %, 1,185 updates | 0.003 |
            | `WeightPrediction` | 91.7 %, 5,400 updates | 88.2 %, 9,375 updates | 0.0005 |
            | `PipeMare` | 93.9 %, 5,400 updates | 87.8 %, 9,375 updates | 0.0005 |
            | `NoStash` | 93.1 %, 5,400 updates | 87.7 %, 9,375 updates | 0.0005 |

            ![losses on the training samples and accuracy on the test samples of the digits by epoch](../examples/staleness/curves.png)

            ![losses on the training samples and accuracy on the test samples of the default job by epoch](../examples/staleness/curves-full.png)
            """.lines().toList();

    private Asynchronous() {}
}
