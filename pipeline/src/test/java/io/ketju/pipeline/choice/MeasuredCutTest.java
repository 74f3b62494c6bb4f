package io.ketju.pipeline.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredCutTest {
    /** Eight layers with their activations, cut before 0, 3, 5, 7, 9, 11, 13 and 15; the model of costs finds them much alike. */
    private static final Recipe RECIPE = new Recipe(
            Model.of(Shape.of(16), MLP.of(16, 16, 16, 16, 16, 16, 16, 16, 10)),
            new CrossEntropyLoss(),
            new SGD(0.1),
            new ConstantLR(),
            32,
            8,
            10,
            1);

    private static PipelineSpec cut(Integer... bounds) {
        return new PipelineSpec(RECIPE, new Partition(List.of(bounds)), new OneForwardOneBackward());
    }

    @Test
    void layersMoveFromTheStageThatTakesLonger() {
        MeasuredCut found = MeasuredCut.of(cut(0, 13, 16), List.of(600.0, 200.0), 2);
        assertThat(found.partition().bounds()).containsExactly(0, 9, 16);
        assertThat(found.before()).isEqualTo(600);
        assertThat(found.after()).isBetween(400.0, 460.0);
        assertThat(found.gain()).isEqualTo(1 - found.after() / 600);
    }

    /** What was measured counts, not what the model thinks: the two layers behind the cut are slow. */
    @Test
    void aCutThatIsBalancedStays() {
        MeasuredCut found = MeasuredCut.of(cut(0, 13, 16), List.of(400.0, 400.0), 2);
        assertThat(found.partition().bounds()).containsExactly(0, 13, 16);
        assertThat(found.gain()).isZero();
    }

    @Test
    void oneThreadGainsNothing() {
        assertThat(MeasuredCut.of(cut(0, 13, 16), List.of(600.0, 200.0), 1).gain())
                .isZero();
    }

    /** A rank waits for all of its stages together. */
    @Test
    void stagesOfOneRankCountTogether() {
        PipelineSpec both = new PipelineSpec(
                RECIPE, new Partition(List.of(0, 5, 9, 16)), new Placement(List.of(0, 0, 1)), new GPipe());
        assertThat(MeasuredCut.of(both, List.of(100.0, 100.0, 150.0), 2).before())
                .isEqualTo(200);
    }

    /** Two threads have enough to do with two replicas, of which one is measured; four gain as two do with one. */
    @Test
    void replicasAreCutAlikeAndShareTheThreads() {
        Recipe grouped = RECIPE.with(RECIPE.rules().inGroups(2));
        PipelineSpec two = new PipelineSpec(grouped, new Partition(List.of(0, 13, 16)), new OneForwardOneBackward())
                .withReplicas(2);
        assertThat(MeasuredCut.of(two, List.of(600.0, 200.0), 4).partition().bounds())
                .containsExactly(0, 9, 16);
        assertThat(MeasuredCut.of(two, List.of(600.0, 200.0), 2).gain()).isZero();
    }

    @Test
    void whatIsCutMoreFinelyThanItRunsStays() {
        PipelineSpec fine = cut(0, 1, 2, 4, 6, 8, 10, 12, 14, 16);
        List<Double> busy = List.of(9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
        assertThat(MeasuredCut.of(fine, busy, 9).partition()).isEqualTo(fine.partition());
    }

    @Test
    void everyStageHasATime() {
        assertThatThrownBy(() -> MeasuredCut.of(cut(0, 13, 16), List.of(1.0), 2))
                .hasMessage("expected a time for each of 2 stages, found 1");
    }
}
