package io.ketju.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every {@link Bug} is noticed by one of the seeds that the build runs: the table says by which. {@code
 * -Dketju.simulation.bugs=true} looks for them anew.
 */
class PlantedBugsTest {
    private static final int SEEDS = 200;

    @Test
    void everyPlantedBugIsNoticed() {
        Map<Bug, Long> unnoticed = new EnumMap<>(Bug.class);
        try (Seeds seeds = new Seeds()) {
            noticedBy().forEach((bug, seed) -> {
                if (seeds.run(seed, EnumSet.of(bug)).violation().isEmpty()) {
                    unnoticed.put(bug, seed);
                }
            });
        }
        assertThat(noticedBy()).containsOnlyKeys(Bug.values());
        assertThat(unnoticed).isEmpty();
    }

    private static Map<Bug, Long> noticedBy() {
        return Boolean.getBoolean("ketju.simulation.bugs") ? found() : known();
    }

    private static Map<Bug, Long> found() {
        Map<Bug, Long> first = new EnumMap<>(Bug.class);
        try (Seeds seeds = new Seeds()) {
            for (Bug bug : Bug.values()) {
                seeds.finds(bug, SEEDS).ifPresent(seed -> first.put(bug, seed));
            }
        }
        return first;
    }

    private static Map<Bug, Long> known() {
        Map<Bug, Long> first = new EnumMap<>(Bug.class);
        first.put(Bug.CREDIT_LOST, 2L);
        first.put(Bug.CREDIT_TWICE, 1L);
        first.put(Bug.FRAME_LOST, 1L);
        first.put(Bug.FRAME_TWICE, 1L);
        first.put(Bug.FRAME_DAMAGED, 2L);
        first.put(Bug.GRADIENTS_BY_ARRIVAL, 2L);
        first.put(Bug.LEASE_KEPT, 1L);
        first.put(Bug.LEASE_CLOSED_EARLY, 1L);
        first.put(Bug.LEASE_CLOSED_LATE, 19L);
        first.put(Bug.COORDINATOR_LOSS_UNHEARD, 8L);
        first.put(Bug.LOSS_UNHEARD, 4L);
        first.put(Bug.SHARD_NOT_SYNCED, 1L);
        first.put(Bug.MANIFEST_NOT_SYNCED, 6L);
        first.put(Bug.FOLDER_NOT_SYNCED, 1L);
        first.put(Bug.INCARNATION_NOT_SYNCED, 14L);
        first.put(Bug.WRITE_LOST, 2L);
        first.put(Bug.NEWEST_CHECKPOINT_OVERLOOKED, 1L);
        first.put(Bug.OLD_CHECKPOINT_REMOVED_FIRST, 12L);
        first.put(Bug.WINDOW_GRANTED_TWICE, 15L);
        first.put(Bug.REPORT_LOST, 1L);
        first.put(Bug.WRONG_BATCH, 5L);
        first.put(Bug.MESSAGES_REORDERED, 1L);
        first.put(Bug.STALE_COPY_GIVEN, 92L);
        first.put(Bug.COPY_OF_ANOTHER_START_GIVEN, 92L);
        first.put(Bug.COPIES_OF_ANOTHER_START_ASKED, 16L);
        return first;
    }
}
