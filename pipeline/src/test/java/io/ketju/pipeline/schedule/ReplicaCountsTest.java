package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers of stages that have replicas, and who has which micro-batch. */
class ReplicaCountsTest {
    private static final ReplicaCounts UNEVEN = new ReplicaCounts(List.of(2, 4, 1));

    @Test
    void stagesAreNumberedReplicaByReplica() {
        assertThat(UNEVEN.all()).isEqualTo(7);
        assertThat(IntStream.range(0, 7).map(UNEVEN::replicaOf)).containsExactly(0, 0, 0, 1, 1, 2, 3);
        assertThat(IntStream.range(0, 7).map(UNEVEN::inPipeline)).containsExactly(0, 1, 2, 0, 1, 1, 1);
        assertThat(UNEVEN.replicas(6)).containsExactly(1, 4, 5, 6);
        assertThat(UNEVEN.replicas(2)).containsExactly(2);
        assertThat(UNEVEN.besides(4)).containsExactly(3, 4);
        assertThat(UNEVEN.neighbours(3, 1)).containsExactly(1, 4, 5, 6);
        assertThat(UNEVEN.neighbours(3, -1)).isEmpty();
        assertThat(UNEVEN.neighbours(5, 1)).containsExactly(2);
        assertThat(UNEVEN).hasToString("2, 4, 1");
    }

    @Test
    void asManyOfEachAreWholePipelines() {
        ReplicaCounts alike = ReplicaCounts.alike(3, 2);
        assertThat(alike).isEqualTo(new ReplicaCounts(List.of(3, 3))).hasToString("3");
        for (int stage = 0; stage < 6; stage++) {
            assertThat(alike.replicaOf(stage)).isEqualTo(stage / 2);
            assertThat(alike.inPipeline(stage)).isEqualTo(stage % 2);
            assertThat(alike.stage(stage % 2, stage / 2)).isEqualTo(stage);
        }
        assertThat(alike.neighbours(4, 1)).containsExactly(5);
        assertThat(alike.neighbours(3, 1)).isEmpty();
    }

    @Test
    void everyMicrobatchHasOneReplicaOfEachStage() {
        Replicas replicas = new Replicas(UNEVEN, new GradientGroups(4, 10));
        assertThat(replicas.path(false, 9)).containsExactly(0, 1, 2);
        assertThat(replicas.path(true, 0)).containsExactly(3, 4, 2);
        assertThat(replicas.path(true, 9)).containsExactly(0, 1, 2);
        for (int stage = 0; stage < UNEVEN.all(); stage++) {
            int own = stage;
            int inPipeline = UNEVEN.inPipeline(stage);
            assertThat(IntStream.range(0, 10).filter(m -> replicas.stage(inPipeline, true, m) == own))
                    .as("stage %d", stage)
                    .hasSize(replicas.present(stage, 10))
                    .startsWith(replicas.first(stage));
        }
        assertThat(replicas.inTurn(10)).containsExactly(0, 3, 6, 8, 1, 4, 7, 9, 2, 5);
        assertThat(replicas.inTurn(4)).containsExactly(0, 3, 1, 2);
    }

    @Test
    void countsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new ReplicaCounts(List.of(1, 0)))
                .hasMessage("expected at least 1 replica of every stage, found [1, 0]");
        assertThatThrownBy(() -> new Replicas(UNEVEN, new GradientGroups(6, 6)))
                .hasMessage("expected replicas of stage 1 that share the gradient groups evenly, of which there are 6,"
                        + " found 4");
        assertThatThrownBy(() -> Placement.oneEach(2).replicated(UNEVEN))
                .hasMessage("expected a number of replicas for each of 2 stages, or one for all, found 2, 4, 1");
        assertThatThrownBy(() -> new Placement(List.of(0, 1, 0), new ReplicaCounts(List.of(1, 2))))
                .hasMessageStartingWith("placement: expected a rank for each of 3 stages of 1, 2 replicas");
    }
}
