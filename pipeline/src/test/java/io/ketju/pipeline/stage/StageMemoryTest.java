package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorMemory;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stages say that they hold is what the process counts, and what the plan says, part by part. */
class StageMemoryTest {
    /** Arenas of nothing take a line each. */
    private static final long LINES = 8 * 64;

    private final TensorCore core = TensorCore.open(1);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void everyPartIsAsPlannedAndNothingIsLeftOut() {
        for (Schedule schedule : Schedules.placing(4)) {
            PipelineSpec spec = Toy.with(Toy.spec(Toy.convolutional(), 4, 10, 4), schedule);
            for (int stage = 0; stage < spec.allStages(); stage++) {
                long before = TensorMemory.openBytes();
                try (StageCompute compute = new StageCompute(spec, stage, core)) {
                    compute.keepCopies();
                    StageMemory held = compute.memory();
                    String what = schedule.name() + ", stage " + stage;
                    assertThat(held.bytes()).as(what).isEqualTo(TensorMemory.openBytes() - before);
                    assertThat(held.stage()).isEqualTo(stage);
                    assertThat(held.slotsUsed()).isZero();
                    compare(held, compute.plan(), what);
                }
                assertThat(TensorMemory.openBytes()).isEqualTo(before);
            }
        }
    }

    private static void compare(StageMemory held, StagePlan plan, String what) {
        SoftAssertions all = new SoftAssertions();
        part(all, what + " weights", held.weights(), plan.parameterBytes() + plan.packedBytes() + plan.versionBytes());
        part(all, what + " gradients", held.gradients(), plan.gradientBytes());
        part(all, what + " optimizer", held.optimizer(), plan.stateBytes());
        long slots = plan.slots() * plan.slotBytes();
        part(
                all,
                what + " micro-batches",
                held.microbatches(),
                slots + plan.stepBytes() + plan.constantBytes() + plan.wideBytes());
        part(
                all,
                what + " buffers",
                held.buffers(),
                plan.activationBuffers() * plan.activationBufferBytes()
                        + plan.gradientBuffers() * plan.gradientBufferBytes()
                        + plan.exchangeBytes());
        part(all, what + " copies", held.copies(), plan.copyBytes());
        all.assertAll();
    }

    private static void part(SoftAssertions all, String what, long held, long planned) {
        all.assertThat(held).as(what).isBetween(planned, planned + LINES);
    }
}
