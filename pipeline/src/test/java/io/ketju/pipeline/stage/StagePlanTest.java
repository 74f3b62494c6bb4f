package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagePlanTest {
    private static final Model MODEL = Toy.mlp();
    private static final Partition PARTITION = new Partition(List.of(0, 2, 4, 6));

    @Test
    void countsLayersParametersAndBytes() {
        StagePlan plan = StagePlan.of(Toy.spec(MODEL, new Adam(), PARTITION, 10, 4), 1);
        assertThat(plan.layers()).containsExactly("Linear(19, 13) + ReLU()");
        assertThat(plan.parameters()).isEqualTo(19 * 13 + 13);
        assertThat(plan.parameterBytes()).isEqualTo(1024 + 64);
        assertThat(plan.gradientBytes()).isEqualTo(1024 + 64);
        assertThat(plan.stateBytes()).isEqualTo(2 * (1024 + 64));
        assertThat(plan.slots()).isEqualTo(2);
        assertThat(plan.activationBuffers()).isEqualTo(2);
        assertThat(plan.activationBufferBytes()).isEqualTo(192);
        assertThat(plan.gradientBuffers()).isEqualTo(3);
        assertThat(plan.gradientBufferBytes()).isEqualTo(256);
        // 13 columns make one panel of 64 by 19 rows
        assertThat(plan.packedBytes()).isEqualTo(64 * 19 * 4);
        assertThat(plan.bytes()).isEqualTo(4 * 1088 + plan.packedBytes() + 2 * plan.slotBytes() + 2 * 192 + 3 * 256);
    }

    @Test
    void weightsArePackedForManyMicrobatchesOnly() {
        assertThat(StagePlan.of(Toy.spec(MODEL, new Adam(), PARTITION, 10, 3), 1)
                        .packedBytes())
                .isZero();
        assertThat(StagePlan.of(Toy.spec(MODEL, new Adam(), PARTITION, 3, 8), 1).packedBytes())
                .isZero();
        assertThat(StagePlan.of(Toy.spec(MODEL, new Adam(), PARTITION, 10, 8), 1)
                        .packedBytes())
                .isPositive();
    }

    @Test
    void theEndsSendInOneDirectionOnly() {
        List<StagePlan> plans = StagePlan.all(Toy.spec(MODEL, new Adam(), PARTITION, 10, 4));
        assertThat(plans).extracting(StagePlan::gradientBuffers).containsExactly(0, 3, 2);
        assertThat(plans).extracting(StagePlan::activationBuffers).containsExactly(3, 2, 0);
        assertThat(plans).extracting(StagePlan::slots).containsExactly(3, 2, 1);
    }

    @Test
    void gPipeHoldsAllMicrobatchesButNeverMoreThanSamples() {
        PipelineSpec spec = Toy.with(Toy.spec(MODEL, new Adam(), PARTITION, 3, 8), new GPipe());
        assertThat(StagePlan.all(spec)).extracting(StagePlan::slots).containsExactly(3, 3, 3);
        assertThat(StagePlan.largestMicrobatch(spec)).isEqualTo(1);
    }

    @Test
    void jobsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Toy.spec(MODEL, new Adam(), new Partition(List.of(0, 5)), 10, 4))
                .hasMessageContaining("covers 5 layers, the model has 6");
        assertThatThrownBy(() -> Toy.spec(MODEL, new Adam(), PARTITION, 10, 0)).hasMessageContaining("0 micro-batches");
        assertThatThrownBy(() -> Toy.spec(MODEL, new Adam(), PARTITION, 0, 4)).hasMessageContaining("batch size 0");
    }
}
