package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many workers are enough for a run that lost some, and when it takes those that come in their place. */
class WorkerSearchTest {
    private static final int WANTED = 3;

    private boolean someAreToJoin;
    private final WorkerSearch search = new WorkerSearch(
            new ClusterOptions("127.0.0.1", 0, List.of(), WANTED, Duration.ofSeconds(60)),
            () -> WANTED,
            () -> someAreToJoin);

    /** A run that had all its workers, and lost some: so many are left, and others are on their way or not. */
    private void lost(int left, boolean toJoin) {
        assertThat(search.found(WANTED)).isTrue();
        someAreToJoin = toJoin;
        search.again(left);
    }

    @Test
    void theFirstSearchWaitsForAll() {
        someAreToJoin = true;
        assertThat(search.found(WANTED - 1)).isFalse();
        assertThat(search.lacks()).isFalse();
        assertThat(search.found(WANTED)).isTrue();
        assertThat(search.lacks()).isFalse();
    }

    @Test
    void thoseThatAreLeftAreEnoughAtOnceAndOthersAreTakenTogether() {
        lost(1, true);
        assertThat(search.found(1)).isTrue();
        assertThat(search.lacks()).isTrue();
        assertThat(search.filled(1)).as("nobody new").isFalse();
        assertThat(search.filled(2)).as("one more is on its way").isFalse();
        someAreToJoin = false;
        assertThat(search.filled(3)).isTrue();
        assertThat(search.filled(3)).as("once").isFalse();
        assertThat(search.lacks()).isFalse();
    }

    /** One of two has ended before it joined. */
    @Test
    void whoeverHasComeIsTakenWhenNoMoreAreToCome() {
        lost(1, true);
        search.found(1);
        assertThat(search.filled(2)).isFalse();
        someAreToJoin = false;
        assertThat(search.filled(2)).isTrue();
        assertThat(search.lacks()).isFalse();
    }

    /** One of two hangs. */
    @Test
    void whoeverHasComeIsTakenWhenTheOthersHaveHadTheirTime() {
        lost(1, true);
        search.found(1);
        search.patient(false);
        assertThat(search.filled(2)).isTrue();
        assertThat(search.lacks()).as("the last may still come").isTrue();
        assertThat(search.filled(3)).isTrue();
    }

    @Test
    void whereNobodyIsLeftAllAreWaitedForAndThenOneIsEnough() {
        lost(0, true);
        assertThat(search.found(0)).isFalse();
        assertThat(search.found(2)).isFalse();
        assertThat(search.waits()).isTrue();
        search.patient(false);
        assertThat(search.found(2)).isTrue();
        assertThat(search.lacks()).isTrue();
    }

    /** Of a cluster that the run has not started. */
    @Test
    void whereNobodyIsToComeNobodyIsTakenLater() {
        lost(2, false);
        assertThat(search.found(2)).isTrue();
        assertThat(search.filled(3)).isFalse();
    }
}
