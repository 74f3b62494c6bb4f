package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.stage.StepSums.Agreed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepSumsTest {
    /** Sums of these in another order have other bits. */
    private static final List<Double> PARTS = List.of(1.0, 1e-16, 1e-16, 0.1, 1e17, 0.3, -1e17);

    @Test
    void theOrderIsThatOfTheParametersWhateverTheCutAndTheOrderOfArrival() {
        double expected = 0;
        for (double part : PARTS) {
            expected += part;
        }
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<List<Double>> stages = new ArrayList<>(List.of(new ArrayList<>()));
            for (double part : PARTS) {
                if (random.nextInt(3) == 0) {
                    stages.add(new ArrayList<>());
                }
                stages.getLast().add(part);
            }
            List<Integer> order = new ArrayList<>();
            for (int stage = 0; stage < stages.size(); stage++) {
                order.add(stage);
            }
            Collections.shuffle(order, random);
            StepSums sums = new StepSums(1, List.of(Set.copyOf(order)));
            Optional<Agreed> agreed = Optional.empty();
            for (int stage : order) {
                assertThat(agreed).isEmpty();
                agreed = sums.add(0, 0, stage, stages.get(stage));
            }
            assertThat(agreed)
                    .as("seed %d, %s", seed, stages)
                    .contains(new Agreed(0, Set.copyOf(order), List.of(expected)));
        }
    }

    @Test
    void severalSumsOfEachParameterStayApart() {
        StepSums sums = new StepSums(2, List.of(Set.of(0, 2)));
        assertThat(sums.add(0, 0, 2, List.of(100.0, 0.5))).isEmpty();
        assertThat(sums.add(0, 0, 0, List.of(1.0, 0.25, 10.0, 2.0)))
                .contains(new Agreed(0, Set.of(0, 2), List.of(111.0, 2.75)));
    }

    @Test
    void ofSomePlacesTheLargestCounts() {
        StepSums sums = new StepSums(2, Set.of(1), List.of(Set.of(0, 2)));
        assertThat(sums.add(0, 0, 2, List.of(100.0, 0.5))).isEmpty();
        assertThat(sums.add(0, 0, 0, List.of(1.0, 0.25, 10.0, 2.0)))
                .contains(new Agreed(0, Set.of(0, 2), List.of(111.0, 2.0)));
    }

    @Test
    void whatComesTwiceOrFromOthersChangesNothing() {
        StepSums sums = new StepSums(1, List.of(Set.of(0, 1), Set.of(1)));
        assertThat(sums.add(0, 0, 2, List.of(9.0))).isEmpty();
        assertThat(sums.add(0, 0, 1, List.of(1.0))).isEmpty();
        assertThat(sums.add(0, 0, 1, List.of(9.0))).isEmpty();
        assertThat(sums.waiting(0)).containsExactly(1);
        assertThat(sums.add(0, 0, 0, List.of(2.0))).contains(new Agreed(0, Set.of(0, 1), List.of(3.0)));
        assertThat(sums.waiting(0)).isEmpty();
        assertThat(sums.add(0, 0, 0, List.of(2.0))).isEmpty();
        assertThat(sums.add(0, 0, 1, List.of(2.0))).isEmpty();
        assertThat(sums.waiting(0)).isEmpty();
    }

    /** A stage that another objective does not train may be a window ahead. */
    @Test
    void windowsOfSeveralObjectivesAreOpenAtATime() {
        StepSums sums = new StepSums(1, List.of(Set.of(0, 1), Set.of(2)));
        assertThat(sums.add(6, 0, 0, List.of(1.0))).isEmpty();
        assertThat(sums.add(7, 1, 2, List.of(5.0))).contains(new Agreed(7, Set.of(2), List.of(5.0)));
        assertThat(sums.add(6, 0, 1, List.of(2.0))).contains(new Agreed(6, Set.of(0, 1), List.of(3.0)));
    }
}
