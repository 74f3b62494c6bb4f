package io.ketju.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.RunTicket;
import io.ketju.cluster.TinyJob;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.TensorKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EdgePlanTest {
    /** Pieces of files are for no stage's machine. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SHARD", "STATE", "COPY"})
    void everyKindOfTheWireIsAKindOfTheStage(TensorKind kind) {
        assertThat(EdgePlan.kind(EdgePlan.kind(kind))).isEqualTo(kind);
    }

    @Test
    void everyKindOfTheStageHasOneOfItsOwn() {
        EnumSet<TensorKind> files = EnumSet.of(TensorKind.SHARD, TensorKind.STATE, TensorKind.COPY);
        assertThat(Arrays.stream(TensorKey.Kind.values()).map(EdgePlan::kind))
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(files));
    }

    /** Of 4 micro-batches stage 0 of 3 has at most 3 in flight; each carries at most 2 samples. */
    @Test
    void edgesAreAsLargeAsThePlanSays() {
        PipelineSpec spec = TinyJob.builder().stages(3).build().pipeline();
        EdgePlan plan = new EdgePlan(spec, new RunTicket(1, 2, 3));
        int rows = 2;
        assertThat(plan.size(plan.id(EdgeId.FEEDER, 0, TensorKey.Kind.FED)))
                .isEqualTo(new EdgeSize(rows * 4L * Float.BYTES, 3 + 8)); // in flight, and on their way
        int crossing = spec.largestTypes()
                .of(spec.program(0).after().edges().getFirst().value())
                .shape()
                .elements();
        assertThat(plan.size(plan.id(0, 1, TensorKey.Kind.ACTIVATION)).bytes())
                .isEqualTo((long) crossing * Float.BYTES);
        assertThat(plan.size(plan.id(1, 0, TensorKey.Kind.GRADIENT)).bytes()).isEqualTo((long) crossing * Float.BYTES);
    }

    /** Activations and gradients are half as large, rounded up to whole pairs; what is fed stays. */
    @Test
    void whatIsRoundedTakesHalf() {
        PipelineSpec all = TinyJob.builder().stages(3).build().pipeline();
        EdgePlan whole = new EdgePlan(all, new RunTicket(1, 2, 3));
        EdgePlan half = new EdgePlan(all.withWire(Wire.BFLOAT16), new RunTicket(1, 2, 3));
        for (EdgeId edge : List.of(
                whole.id(0, 1, TensorKey.Kind.ACTIVATION),
                whole.id(1, 2, TensorKey.Kind.ACTIVATION),
                whole.id(1, 0, TensorKey.Kind.GRADIENT),
                whole.id(2, 1, TensorKey.Kind.GRADIENT))) {
            long elements = whole.size(edge).bytes() / Float.BYTES;
            assertThat(half.size(edge))
                    .isEqualTo(new EdgeSize(
                            (elements + 1) / 2 * Float.BYTES, whole.size(edge).buffers()));
        }
        EdgeId fed = whole.id(EdgeId.FEEDER, 0, TensorKey.Kind.FED);
        assertThat(half.size(fed)).isEqualTo(whole.size(fed));
    }
}
