package io.ketju.actors.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.DriverNote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts in a run's folder, and what those have to do with it who keep copies. */
class StandbyRegistryTest {
    private static final Follower.Answer KEPT = new Follower.Kept();

    @TempDir
    private Path folder;

    private final StandbyRegistry registry = new StandbyRegistry();
    private KeptRun run;

    @BeforeEach
    void start() {
        run = KeptRun.started(folder.resolve("run"));
    }

    @AfterEach
    void close() {
        run.close();
    }

    /** One whose answer is set, and that notes what the run's folder had when it was asked. */
    private final class Scripted implements Follower {
        private Answer answer = KEPT;
        private final List<Parcel> asked = new ArrayList<>();
        private final List<Long> newestThen = new ArrayList<>();
        private final List<DriverNote.End> ends = new ArrayList<>();

        @Override
        public String name() {
            return "somebody";
        }

        @Override
        public Answer keep(Shipment shipment) {
            asked.add(shipment.parcel());
            newestThen.add(newest());
            return answer;
        }

        @Override
        public void ended(DriverNote.End end) {
            ends.add(end);
        }

        private List<OptionalLong> steps() {
            return asked.stream().map(Parcel::step).toList();
        }
    }

    private long newest() {
        try {
            return CheckpointReader.committed(run.directory().checkpoints()).stream()
                    .mapToLong(found -> found.step())
                    .max()
                    .orElse(-1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void commit(long step) throws IOException {
        run.store(registry).commit(step, run.shards(step));
    }

    private Scripted joined() throws IOException {
        Scripted follower = new Scripted();
        assertThat(registry.join(follower, run.directory(), 2)).isEqualTo(KEPT);
        return follower;
    }

    @Test
    void aCheckpointIsInEveryCopyBeforeItCounts() throws IOException {
        Scripted first = joined();
        commit(5);
        Scripted second = joined();
        commit(9);
        assertThat(first.steps()).containsExactly(OptionalLong.empty(), OptionalLong.of(5), OptionalLong.of(9));
        assertThat(first.newestThen).containsExactly(-1L, -1L, 5L);
        assertThat(second.steps())
                .as("what was there, then what came")
                .containsExactly(OptionalLong.of(5), OptionalLong.of(9));
        assertThat(second.newestThen).containsExactly(5L, 5L);
        assertThat(newest()).isEqualTo(9);
    }

    @Test
    void oneThatIsGivenUpHoldsNobodyUp() throws IOException {
        Scripted lost = joined();
        Scripted other = joined();
        lost.answer = new Follower.GivenUp("it does not answer");
        commit(5);
        commit(9);
        assertThat(lost.steps()).containsExactly(OptionalLong.empty(), OptionalLong.of(5));
        assertThat(other.steps()).contains(OptionalLong.of(5), OptionalLong.of(9));
        assertThat(newest()).isEqualTo(9);
        DriverNote.End end = new DriverNote.End(DriverNote.Outcome.STOPPED, "enough");
        registry.ended(end);
        assertThat(other.ends).containsExactly(end);
        assertThat(lost.ends).isEmpty();
    }

    @Test
    void oneThatDoesNotComeToHaveAllIsNotWaitedForLater() throws IOException {
        Scripted slow = new Scripted();
        slow.answer = new Follower.GivenUp("it does not answer");
        assertThat(registry.join(slow, run.directory(), 2)).isEqualTo(slow.answer);
        commit(5);
        assertThat(slow.asked).hasSize(1);
    }

    /** The fence where no folder is shared: who has taken the run over says so, and nothing counts here any more. */
    @Test
    void nothingIsCommittedOnceTheRunWasTakenOver() throws IOException {
        Scripted follower = joined();
        commit(5);
        follower.answer = new Follower.TookOver(4);
        assertThatThrownBy(() -> commit(9)).isInstanceOf(IOException.class).hasMessageContaining("with start 4");
        follower.answer = KEPT;
        assertThatThrownBy(() -> commit(10)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> registry.raise(run.path(), 2, 2)).isInstanceOf(IOException.class);
        assertThat(newest()).isEqualTo(5);
        assertThat(registry.superseded()).hasValue(4);
    }

    /** Whoever was shut out by the others knows nothing of them. */
    @Test
    void whatNobodyKnowsOfDoesNotCount() throws IOException {
        Scripted follower = joined();
        follower.answer = new Follower.Unknown("this node is not in the cluster any more");
        assertThatThrownBy(() -> commit(5))
                .isInstanceOf(IOException.class)
                .hasMessage("it is not known whether somebody has it: this node is not in the cluster any more");
        assertThat(newest()).isEqualTo(-1);
    }

    @Test
    void everyCopyKnowsAStartBeforeItBegins() throws IOException {
        Scripted follower = joined();
        registry.raise(run.path(), 2, 2);
        assertThat(follower.asked.getLast().start()).isEqualTo(2);
        assertThat(follower.asked.getLast().step()).isEmpty();
        Scripted late = joined();
        assertThat(late.asked.getFirst().start()).isEqualTo(2);
    }
}
