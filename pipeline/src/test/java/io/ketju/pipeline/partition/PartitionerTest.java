package io.ketju.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.zoo.GAN;
import io.ketju.layers.model.zoo.GPT;
import io.ketju.layers.model.zoo.LeNet;
import io.ketju.layers.model.zoo.ResNet;
import io.ketju.layers.model.zoo.Transformer;
import io.ketju.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionerTest {
    private static final Model LENET = lenet();

    private static Model lenet() {
        return Model.of(Shape.of(1, 28, 28), LeNet.five());
    }

    @Test
    void theMostExpensiveStageIsAsCheapAsCanBe() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int nodes = 1 + random.nextInt(9);
            int stages = 1 + random.nextInt(nodes);
            List<Long> costs = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                costs.add((long) random.nextInt(20));
            }
            Partition partition = Partitioner.balanced(costs, stages);
            assertThat(partition.stages()).isEqualTo(stages);
            assertThat(partition.bounds().getLast()).isEqualTo(nodes);
            assertThat(mostExpensive(costs, partition.bounds()))
                    .as("seed %d: %s into %d", seed, costs, stages)
                    .isEqualTo(bruteForce(costs, stages, 0));
        }
    }

    @Test
    void theCutIsTheEarliestOfTheMostEven() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            int nodes = 1 + random.nextInt(12);
            int stages = 1 + random.nextInt(nodes);
            List<Long> costs = new ArrayList<>();
            List<Long> crossing = new ArrayList<>(List.of(0L));
            boolean free = random.nextBoolean();
            for (int i = 0; i < nodes; i++) {
                costs.add((long) random.nextInt(random.nextInt(4) == 0 ? 40 : 4));
                crossing.add(free || i == nodes - 1 ? 0L : (long) random.nextInt(random.nextInt(4) == 0 ? 30 : 3));
            }
            assertThat(Partitioner.balanced(costs, crossing, stages).bounds())
                    .as("seed %d: %s, %s into %d", seed, costs, crossing, stages)
                    .isEqualTo(earliestMostEven(costs, crossing, stages));
        }
    }

    @Test
    void aCutMovesToANarrowPlaceWhereThatSavesMoreThanItUnbalances() {
        List<Long> costs = List.of(10L, 10L, 10L, 10L);
        assertThat(Partitioner.balanced(costs, List.of(0L, 0L, 9L, 0L, 0L), 2))
                .isEqualTo(new Partition(List.of(0, 2, 4)));
        assertThat(Partitioner.balanced(costs, List.of(0L, 0L, 11L, 0L, 0L), 2))
                .isEqualTo(new Partition(List.of(0, 1, 4)));
        assertThat(Partitioner.balanced(costs, List.of(0L, 2L, 11L, 0L, 0L), 2))
                .isEqualTo(new Partition(List.of(0, 3, 4)));
    }

    /** Between the blocks of a Transformer less crosses than within. */
    @Test
    void aTransformerIsCutWhereLittleCrosses() {
        Model model = new GPT(64, 8, 2, 32, 0).model(16);
        List<Long> bytes = CutCost.bytes(model);
        long narrowest = bytes.stream()
                .skip(1)
                .limit(bytes.size() - 2L)
                .mapToLong(Long::longValue)
                .min()
                .orElseThrow();
        Partition partition = Partitioner.balanced(model, 4);
        assertThat(partition.bounds().subList(1, 4)).allMatch(bound -> bytes.get(bound) <= 2 * narrowest);
    }

    /** What is counted is what is sent. */
    @Test
    void theBytesOfAPlaceAreThoseOfItsCut() {
        for (Model model : List.of(
                new GAN(3, 5, 4).model(),
                new Transformer(8, 2, 2, 1, 12, 0.1).model(9, 7, 5),
                ResNet.resNet18(10).model(Shape.of(3, 8, 8)).withHead(new CrossEntropyLoss()))) {
            GradientFlow flow = GradientFlow.of(model);
            ModelTypes types = model.types(1);
            int nodes = model.nodes().size();
            List<Long> bytes = CutCost.bytes(model);
            assertThat(bytes).hasSize(nodes + 1).startsWith(0L).endsWith(0L);
            for (int place = 1; place < nodes; place++) {
                Cut cut = Cut.before(model, flow, new Partition(List.of(0, place, nodes)), 1);
                long crossing = cut.edges().stream()
                        .mapToLong(edge -> (edge.gradient() ? 2 : 1)
                                * types.of(edge.value()).shape().bytes())
                        .sum();
                assertThat(bytes.get(place)).as("%s, cut at %d", model, place).isEqualTo(crossing);
            }
        }
    }

    @Test
    void manyLayersAreCutInAMoment() {
        List<Long> costs = new ArrayList<>(List.of(1_000_000L));
        for (int i = 1; i < 10_000; i++) {
            costs.add(1L + i % 7);
        }
        // 10^11 steps if every stage tried every end of every layer: minutes, where this takes some seconds.
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThat(Partitioner.balanced(costs, 1000).stages()).isEqualTo(1000));
    }

    @Test
    void tiesAreBalancedThenCutEarly() {
        assertThat(Partitioner.balanced(List.of(9L, 1L, 1L, 1L, 1L), 3)).isEqualTo(new Partition(List.of(0, 1, 3, 5)));
        assertThat(Partitioner.balanced(List.of(1L, 1L, 1L), 2)).isEqualTo(new Partition(List.of(0, 1, 3)));
    }

    @Test
    void leNetHasItsHeavyLayersOnDifferentStages() {
        for (int stages = 1; stages <= LENET.nodes().size(); stages++) {
            Partition partition = Partitioner.balanced(LENET, stages);
            partition.requireFits(LENET);
            assertThat(partition.stages()).isEqualTo(stages);
        }
        List<Long> costs = LayerCost.ofNodes(LENET);
        assertThat(costs).allMatch(cost -> cost > 0);
        Partition two = Partitioner.balanced(LENET, 2);
        long total = costs.stream().mapToLong(Long::longValue).sum();
        assertThat(mostExpensive(costs, two.bounds())).isLessThan(total * 7 / 10);
    }

    @Test
    void moreStagesThanLayersIsOneClearLine() {
        int layers = LENET.nodes().size();
        assertThatThrownBy(() -> Partitioner.balanced(LENET, layers + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model has %d layers, %d stages asked: expected 1 to %d", layers, layers + 1, layers);
        assertThatThrownBy(() -> Partitioner.balanced(LENET, 0)).hasMessageContaining("0 stages asked");
    }

    @Test
    void boundsOfUsersAreChecked() {
        int layers = LENET.nodes().size();
        assertThat(Partition.startingAt(LENET, List.of(3, 5))).isEqualTo(new Partition(List.of(0, 3, 5, layers)));
        assertThat(Partition.startingAt(LENET, List.of())).isEqualTo(Partition.single(LENET));
        assertThatThrownBy(() -> Partition.startingAt(LENET, List.of(3, 3))).hasMessageContaining("got [0, 3, 3");
        assertThatThrownBy(() -> Partition.startingAt(LENET, List.of(99))).hasMessageContaining("must ascend");
        assertThatThrownBy(() -> new Partition(List.of(0))).hasMessageContaining("must ascend");
        assertThatThrownBy(() -> new Partition(List.of(1, 2))).hasMessageContaining("from 0");
        assertThatThrownBy(() -> new Partition(List.of(0, 2)).requireFits(LENET))
                .hasMessage("partition [0, 2] covers 2 layers, the model has " + layers);
    }

    private static long mostExpensive(List<Long> costs, List<Integer> bounds) {
        long most = 0;
        for (int s = 0; s + 1 < bounds.size(); s++) {
            most = Math.max(
                    most,
                    costs.subList(bounds.get(s), bounds.get(s + 1)).stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        return most;
    }

    /** All cuts, one by one, in the order of their bounds. */
    private static List<Integer> earliestMostEven(List<Long> costs, List<Long> crossing, int stages) {
        List<List<Integer>> cuts = new ArrayList<>();
        cuts(costs.size(), stages, new ArrayList<>(List.of(0)), cuts);
        Comparator<List<Integer>> order = Comparator.comparingLong(
                        (List<Integer> bounds) -> Collections.max(stageCosts(costs, crossing, bounds)))
                .thenComparingLong(bounds -> stageCosts(costs, crossing, bounds).stream()
                        .mapToLong(cost -> cost * cost)
                        .sum());
        return cuts.stream().min(order).orElseThrow();
    }

    private static List<Long> stageCosts(List<Long> costs, List<Long> crossing, List<Integer> bounds) {
        List<Long> ofStages = new ArrayList<>();
        for (int s = 0; s + 1 < bounds.size(); s++) {
            int from = bounds.get(s);
            int to = bounds.get(s + 1);
            ofStages.add(crossing.get(from)
                    + crossing.get(to)
                    + costs.subList(from, to).stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        return ofStages;
    }

    private static void cuts(int nodes, int stages, List<Integer> bounds, List<List<Integer>> all) {
        if (stages == 1) {
            List<Integer> whole = new ArrayList<>(bounds);
            whole.add(nodes);
            all.add(whole);
            return;
        }
        for (int end = bounds.getLast() + 1; end <= nodes - stages + 1; end++) {
            bounds.add(end);
            cuts(nodes, stages - 1, bounds, all);
            bounds.removeLast();
        }
    }

    private static long bruteForce(List<Long> costs, int stages, int from) {
        if (stages == 1) {
            return costs.subList(from, costs.size()).stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        long best = Long.MAX_VALUE;
        long sum = 0;
        for (int end = from + 1; end <= costs.size() - stages + 1; end++) {
            sum += costs.get(end - 1);
            best = Math.min(best, Math.max(sum, bruteForce(costs, stages - 1, end)));
        }
        return best;
    }
}
