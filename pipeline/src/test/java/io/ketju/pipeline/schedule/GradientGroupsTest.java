package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GradientGroupsTest {
    private static final int SEEDS = 2000;

    private static List<Integer> deal(GradientGroups groups) {
        return IntStream.range(0, groups.microbatches()).map(groups::of).boxed().toList();
    }

    @Test
    void microbatchesAreDealtInContiguousRunsTheLargerOnesFirst() {
        assertThat(deal(new GradientGroups(2, 4))).containsExactly(0, 0, 1, 1);
        assertThat(deal(new GradientGroups(3, 8))).containsExactly(0, 0, 0, 1, 1, 1, 2, 2);
        assertThat(deal(new GradientGroups(5, 7))).containsExactly(0, 0, 1, 1, 2, 3, 4);
        assertThat(deal(new GradientGroups(4, 4))).containsExactly(0, 1, 2, 3);
        assertThat(deal(new GradientGroups(1, 3))).containsExactly(0, 0, 0);
    }

    @Test
    void aStepOfFewerMicrobatchesHasTheFirstGroups() {
        GradientGroups groups = new GradientGroups(3, 8);
        assertThat(IntStream.range(0, 3).map(group -> groups.size(group, 8))).containsExactly(3, 3, 2);
        assertThat(IntStream.range(0, 3).map(group -> groups.size(group, 5))).containsExactly(3, 2, 0);
        assertThat(IntStream.range(0, 3).map(group -> groups.size(group, 1))).containsExactly(1, 0, 0);
        assertThat(new GradientGroups(1, 8).size(0, 5)).isEqualTo(5);
    }

    @Test
    void thereAreAtMostAsManyGroupsAsMicrobatches() {
        assertThatThrownBy(() -> new GradientGroups(0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected from 1 to 4 gradient groups, as many as a step has micro-batches, found 0");
        assertThatThrownBy(() -> new GradientGroups(5, 4)).hasMessageEndingWith("found 5");
    }

    @Test
    void aListThatGoesFromGroupToGroupTakesOnePlaceBesideTheSum() {
        List<Action> list =
                SchedulePlan.parse("0F0 0F1 0F2 0F3 0B0 0B1 0B2 0B3 0S").ofStage(0);
        assertThat(GroupSums.places(new GradientGroups(1, 4), list)).isEqualTo(1);
        assertThat(GroupSums.places(new GradientGroups(2, 4), list)).isEqualTo(2);
        assertThat(GroupSums.places(new GradientGroups(4, 4), list)).isEqualTo(2);
        List<Action> mixed =
                SchedulePlan.parse("0F0 0F1 0F2 0F3 0B3 0B1 0B2 0B0 0S").ofStage(0);
        assertThat(GroupSums.places(new GradientGroups(4, 4), mixed)).isEqualTo(4);
    }

    /** Notes what micro-batches add, as a stage does, and adds up as it is told to. */
    private static final class Notes {
        private final Map<Integer, List<Integer>> places = new LinkedHashMap<>();
        private int highest;

        void run(GroupSums sums, List<Integer> order) {
            for (int microbatch : order) {
                int place = sums.place(microbatch);
                highest = Math.max(highest, place);
                places.computeIfAbsent(place, empty -> new ArrayList<>()).add(microbatch);
                for (int complete : sums.added(microbatch, order.size())) {
                    Objects.requireNonNull(places.get(0)).addAll(places.remove(complete));
                }
            }
        }
    }

    /** Whatever the order among groups: they are in the sum in their order, each with its micro-batches in theirs. */
    @Test
    void groupsAreSummedInTheirOrderInEveryOrderThatIsLegal() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int microbatches = 1 + random.nextInt(9);
            GradientGroups groups = new GradientGroups(1 + random.nextInt(microbatches), microbatches);
            List<Integer> order = legal(groups, random);
            GroupSums sums = new GroupSums(groups);
            List<Action> list = order.stream()
                    .map(microbatch -> new Action(0, random.nextBoolean() ? Kind.B : Kind.W, microbatch))
                    .toList();
            int places = GroupSums.places(groups, list);
            for (int window = 0; window < 3; window++) {
                int present = 1 + random.nextInt(microbatches);
                Notes notes = new Notes();
                notes.run(sums, order.stream().filter(m -> m < present).toList());
                assertThat(notes.places)
                        .as("seed %d, %s, %d of %s", seed, groups, present, order)
                        .isEqualTo(Map.of(0, IntStream.range(0, present).boxed().toList()));
                assertThat(notes.highest)
                        .as("seed %d, %s, %d of %s", seed, groups, present, order)
                        .isLessThan(places);
            }
        }
    }

    /** A random order of all micro-batches in which those of each group ascend. */
    private static List<Integer> legal(GradientGroups groups, Random random) {
        List<Integer> turns = new ArrayList<>(deal(groups));
        Collections.shuffle(turns, random);
        Map<Integer, Integer> next = new LinkedHashMap<>();
        for (int microbatch = groups.microbatches() - 1; microbatch >= 0; microbatch--) {
            next.put(groups.of(microbatch), microbatch);
        }
        return turns.stream()
                .map(group -> next.merge(group, 1, Integer::sum) - 1)
                .toList();
    }
}
