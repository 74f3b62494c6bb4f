package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.LocalTransport;
import io.ketju.actors.transport.StageTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever waits for a run hears how it ended before its site has taken leave, however long that takes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GoodbyeTest {
    @TempDir
    private Path folder;

    private final CountDownLatch heard = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Test
    void theResultComesBeforeTheGoodbye() {
        Path run = folder.resolve("run");
        TrainingJob job = SmallJobs.tiny().stages(2).runDirectory(run).build();
        try (Training training = Runs.directed(job, SlowLeave::new, List.of())) {
            assertThat(training.await().completed()).isTrue();
            assertThat(run.resolve("model.safetensors")).exists();
            assertThat(ended.getCount()).as("still takes leave").isOne();
            heard.countDown();
        }
        assertThat(ended.getCount()).as("a closed run has taken leave").isZero();
    }

    @Test
    void aFailureComesBeforeTheGoodbye() {
        TrainingListener fails = event -> {
            throw new IllegalStateException("enough");
        };
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        try (Training training = Runs.directed(job, SlowLeave::new, List.of(fails))) {
            assertThatThrownBy(training::await).isInstanceOf(TrainingFailedException.class);
            assertThat(ended.getCount()).as("still takes leave").isOne();
            heard.countDown();
        }
        assertThat(ended.getCount()).as("a closed run has taken leave").isZero();
    }

    /** A site that takes leave only when somebody has heard how the run ended. */
    private final class SlowLeave implements RunSite {
        private final RunSite site = EmbeddedSite.open(1, LocalTransport::new);

        @Override
        public StageTransport transport() {
            return site.transport();
        }

        @Override
        public <T> ActorSystem<T> start(Behavior<T> guardian) {
            return site.start(guardian);
        }

        @Override
        public List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news) {
            return site.findWorkers(context, news);
        }

        @Override
        public String describe(RunFailure.WorkerLost lost) {
            return site.describe(lost);
        }

        @Override
        public void end(ActorSystem<?> system, Optional<String> lost) {
            try {
                heard.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            site.end(system, lost);
            ended.countDown();
        }

        @Override
        public void close() {
            site.close();
        }
    }
}
