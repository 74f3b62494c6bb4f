package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Overlap.Compensation;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Stretch.Turn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What may overlap and what not, over many stretches of every kind of overlap and many broken ones. */
class StretchValidatorTest {
    private static final int MUTANTS = 12_000;

    /** Every micro-batch an update: 1F1B without a flush. */
    private static Overlap stashing(int ranks) {
        List<Integer> ahead =
                IntStream.range(0, ranks).map(r -> ranks - 1 - r).boxed().toList();
        return new Overlap(ahead, ranks - 1, true, ahead, Weights.STASHED);
    }

    private static Overlap buffered(int ranks) {
        return new Overlap(stashing(ranks).ahead(), 1, false, Collections.nCopies(ranks, 1), Weights.STASHED);
    }

    private static Overlap synced(int ranks) {
        return new Overlap(
                stashing(ranks).ahead(), ranks - 1, true, Collections.nCopies(ranks, ranks - 1), Weights.STASHED);
    }

    private static Overlap unstashed(int ranks, Weights weights) {
        return new Overlap(
                stashing(ranks).ahead(), ranks - 1, true, stashing(ranks).delays(), weights);
    }

    private static List<Overlap> all(int ranks) {
        return List.of(
                stashing(ranks),
                buffered(ranks),
                synced(ranks),
                unstashed(ranks, Weights.NEWEST),
                unstashed(ranks, Weights.PREDICTED),
                unstashed(ranks, Weights.CORRECTED));
    }

    private static Stretch random(Random random) {
        int ranks = 1 + random.nextInt(5);
        Overlap overlap = all(ranks).get(random.nextInt(6));
        int count = 1 + random.nextInt(8);
        List<Integer> windows =
                random.ints(count, 1, overlap.ofMicrobatches() ? 2 : 7).boxed().toList();
        return Stretch.of(overlap, windows);
    }

    @Test
    void everyStretchIsLegalAndKeepsNoMoreThanItSays() {
        boolean[] reached = new boolean[4];
        for (int seed = 0; seed < 2000; seed++) {
            Stretch stretch = random(new Random(seed));
            assertThat(StretchValidator.violations(stretch)).as("seed %d", seed).isEmpty();
            for (int rank = 0; rank < stretch.ranks().size(); rank++) {
                assertThat(ScheduleSimulator.peakInFlight(stretch.flat().ofStage(rank)))
                        .as("seed %d, rank %d", seed, rank)
                        .isLessThanOrEqualTo(stretch.overlap().inFlight(rank));
                if (stretch.overlap().weights() == Weights.STASHED) {
                    int most = StretchValidator.mostVersions(stretch, rank);
                    int planned = stretch.overlap().versions(rank);
                    assertThat(most).as("seed %d, rank %d", seed, rank).isLessThanOrEqualTo(planned);
                    reached[Math.min(3, planned - 1)] |= most == planned;
                }
            }
        }
        assertThat(reached)
                .as("stretches that keep as many versions as are planned")
                .containsOnly(true);
    }

    @Test
    void aWindowAloneIs1F1B() {
        Stretch alone = Stretch.of(buffered(3), List.of(4));
        assertThat(alone.flat().lists()).isEqualTo("""
                0F0 0F1 0F2 0B0 0F3 0B1 0B2 0B3 0S
                1F0 1F1 1B0 1F2 1B1 1F3 1B2 1B3 1S
                2F0 2B0 2F1 2B1 2F2 2B2 2F3 2B3 2S
                """);
    }

    @Test
    void listsOfASmallStretch() {
        assertThat(Stretch.of(stashing(3), List.of(1, 1, 1, 1)).flat().lists()).isEqualTo("""
                0F0 0F1 0F2 0B0 0S 0F3 0B1 0S 0B2 0S 0B3 0S
                1F0 1F1 1B0 1S 1F2 1B1 1S 1F3 1B2 1S 1B3 1S
                2F0 2B0 2S 2F1 2B1 2S 2F2 2B2 2S 2F3 2B3 2S
                """);
        assertThat(Stretch.of(buffered(2), List.of(2, 2, 1)).flat().lists()).isEqualTo("""
                0F0 0F1 0B0 0F2 0B1 0S 0F3 0B2 0F4 0B3 0S 0B4 0S
                1F0 1B0 1F1 1B1 1S 1F2 1B2 1F3 1B3 1S 1F4 1B4 1S
                """);
        assertThat(Stretch.of(buffered(3), List.of(1, 1, 1)).flat().lists())
                .as("the third window needs the version that the first one's update makes")
                .startsWith("0F0 0F1 0B0 0S 0F2 0B1 0S 0B2 0S\n");
    }

    @Test
    void withoutAFlushNothingIsIdleBetweenWarmUpAndDrain() {
        for (int ranks = 1; ranks <= 6; ranks++) {
            Stretch stretch = Stretch.of(stashing(ranks), Collections.nCopies(20, 1));
            assertThat(ScheduleSimulator.simulate(stretch.flat(), SimulationCosts.MODEL)
                            .makespan())
                    .isEqualTo(3.0 * (20 + ranks - 1));
            Stretch two = Stretch.of(buffered(ranks), Collections.nCopies(5, 6));
            assertThat(ScheduleSimulator.simulate(two.flat(), SimulationCosts.MODEL)
                            .makespan())
                    .isEqualTo(3.0 * (30 + ranks - 1));
        }
    }

    @Test
    void mutantsAreRejectedOrStillTheSameList() {
        int rejected = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            Random random = new Random(seed);
            Stretch stretch = random(random);
            List<List<Turn>> lists = new ArrayList<>();
            stretch.ranks().forEach(list -> lists.add(new ArrayList<>(list)));
            List<Turn> list = lists.get(random.nextInt(lists.size()));
            List<Turn> original = List.copyOf(list);
            mutate(random, lists, list);
            List<String> violations =
                    StretchValidator.violations(new Stretch(stretch.overlap(), stretch.windows(), lists));
            if (violations.isEmpty()) {
                assertThat(legalOrder(stretch.overlap(), list))
                        .as("seed %d: %s", seed, list)
                        .isTrue();
            } else {
                rejected++;
                assertThat(violations).allMatch(line -> line.startsWith("rank "));
            }
            assertThat(violations.isEmpty() && list.size() != original.size())
                    .as("seed %d", seed)
                    .isFalse();
        }
        assertThat(rejected).isGreaterThan(MUTANTS * 3 / 4);
    }

    private static void mutate(Random random, List<List<Turn>> lists, List<Turn> list) {
        int at = random.nextInt(list.size());
        int other = random.nextInt(list.size());
        switch (random.nextInt(4)) {
            case 0 -> Collections.swap(list, at, other);
            case 1 -> list.remove(at);
            case 2 -> list.add(other, list.get(at));
            default -> {
                List<Turn> target = lists.get(random.nextInt(lists.size()));
                target.add(Math.min(other, target.size()), list.remove(at));
            }
        }
    }

    /** Written again, plainly: what each action of a legal list finds. */
    private static boolean legalOrder(Overlap overlap, List<Turn> list) {
        int updates = 0;
        int window = 0;
        for (Turn turn : list) {
            if (turn.action().kind() == Kind.S) {
                updates++;
            } else if (turn.action().kind() == Kind.B && turn.window() != updates) {
                return false;
            } else if (turn.action().kind() == Kind.F) {
                long version = overlap.forwardVersion(turn.action().stage(), turn.window());
                if (turn.window() < window || version > updates) {
                    return false;
                }
                window = turn.window();
            }
        }
        return true;
    }

    /** Rates begin divided by the delay, and come back to their own. */
    @Test
    void ratesComeBack() {
        List<Integer> delays = List.of(4, 2, 1, 0);
        Overlap overlap =
                new Overlap(List.of(4, 2, 1, 0), 4, true, delays, Weights.CORRECTED, new Compensation(8, 0.0625));
        assertThat(IntStream.range(0, 4).mapToObj(rank -> overlap.rateFactor(rank, 1)))
                .containsExactly(0.25, 0.5, 1.0, 1.0);
        assertThat(overlap.rateFactor(0, 5)).isEqualTo(0.5);
        assertThat(overlap.rateFactor(0, 9)).isEqualTo(1);
        assertThat(overlap.rateFactor(0, 10)).isEqualTo(1);
        assertThat(unstashed(3, Weights.NEWEST).rateFactor(0, 1)).isEqualTo(1);
        assertThat(IntStream.range(0, 4).mapToObj(overlap::decayOfUpdate)).containsExactly(0.5, 0.25, 0.0625, 0.0);
    }

    /** What is kept beside the live weights: nothing where they are never old. */
    @Test
    void versionsOfEveryKind() {
        assertThat(IntStream.range(0, 3).mapToObj(stashing(3)::versions)).containsExactly(3, 2, 1);
        assertThat(IntStream.range(0, 3).mapToObj(unstashed(3, Weights.NEWEST)::versions))
                .containsExactly(1, 1, 1);
        assertThat(IntStream.range(0, 3).mapToObj(unstashed(3, Weights.PREDICTED)::versions))
                .containsExactly(2, 2, 1);
        assertThat(IntStream.range(0, 3).mapToObj(unstashed(3, Weights.CORRECTED)::versions))
                .containsExactly(3, 3, 1);
    }

    @Test
    void aStretchThatUsesAVersionBeforeItExistsIsNamed() {
        Overlap impatient = new Overlap(List.of(2, 1, 0), 2, true, List.of(1, 1, 0), Weights.STASHED);
        assertThatThrownBy(() -> StretchValidator.requireLegal(Stretch.of(impatient, List.of(1, 1, 1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank 0: 0F0 of window 2 uses version 1 of the weights, the newest is 0");
    }
}
