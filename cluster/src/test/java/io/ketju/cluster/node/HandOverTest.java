package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.actors.worker.WorkerEvent;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.cluster.status.NodeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers of this JVM, over sockets alone, that have to go in the middle of an epoch. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HandOverTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int LEAVES_AT = 10;

    @TempDir
    private Path folder;

    private static ClusterOptions options(List<String> seedNodes, int workers) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, workers, SOON);
    }

    /** 4 steps of an epoch, and so many epochs that the run is far from its end when it hears that a worker leaves; few checkpoints. */
    private static JobBuilder job() {
        return TinyJob.builder().epochs(30).checkpointEveryEpochs(30).stages(3);
    }

    /** A worker and what it tells. */
    private static final class Told implements AutoCloseable {
        private final BlockingQueue<WorkerEvent> events = new LinkedBlockingQueue<>();
        private final WorkerProcess worker;

        Told(List<String> seedNodes) {
            worker = WorkerProcess.start(options(seedNodes, 1), 1, events::add);
        }

        String address() {
            return worker.address();
        }

        <T extends WorkerEvent> T await(Class<T> type) throws InterruptedException {
            while (true) {
                WorkerEvent next = events.poll(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(next).as("a %s in time", type.getSimpleName()).isNotNull();
                if (type.isInstance(next)) {
                    return type.cast(next);
                }
            }
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    /** A run over two workers, and what its listeners hear. */
    private final class Watched implements TrainingListener {
        private final TrainingJob job;
        private final List<TrainingEvent> events = new ArrayList<>();
        private final Consumer<TrainingEvent> during;

        Watched(Consumer<TrainingEvent> during) {
            this.job = job().runDirectory(folder.resolve("run")).build();
            this.during = during;
        }

        @Override
        public void on(TrainingEvent event) {
            events.add(event);
            during.accept(event);
        }

        TrainingResult over(String meeting) {
            try (Training training = KetjuCluster.start(job, options(List.of(meeting), 2), this)) {
                return training.await();
            }
        }

        /** The bits of a run that nobody touched, every step once, and no loss. */
        TrainingEvent.Repartitioned requireHandedOver(TrainingResult result) {
            assertThat(result.stateSha256())
                    .isEqualTo(Ketju.fit(job().stages(1).build()).stateSha256());
            assertThat(events.stream()
                            .filter(TrainingEvent.StepFinished.class::isInstance)
                            .map(event -> ((TrainingEvent.StepFinished) event).step()))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, job.totalSteps()).boxed().toList());
            assertThat(events).noneMatch(TrainingEvent.Restarted.class::isInstance);
            List<TrainingEvent.Repartitioned> moved = events.stream()
                    .filter(TrainingEvent.Repartitioned.class::isInstance)
                    .map(TrainingEvent.Repartitioned.class::cast)
                    .toList();
            assertThat(moved).hasSize(1);
            int at = events.indexOf(moved.getFirst());
            assertThat(((TrainingEvent.StepFinished) events.subList(0, at).stream()
                                    .filter(TrainingEvent.StepFinished.class::isInstance)
                                    .reduce((first, last) -> last)
                                    .orElseThrow())
                            .step())
                    .as("the last step before it")
                    .isEqualTo(moved.getFirst().firstStep() - 1);
            return moved.getFirst();
        }
    }

    private static boolean isStep(TrainingEvent event, long number) {
        return event instanceof TrainingEvent.StepFinished step && step.step() == number;
    }

    /** It knows no place to meet but where the one was that leaves, and its run needs it between two starts, when it holds nothing. */
    @Test
    void withoutASpareTheOneThatIsLeftHoldsAll() throws InterruptedException {
        try (Told first = new Told(List.of());
                Told second = new Told(List.of(first.address()))) {
            second.await(WorkerEvent.Joined.class);
            CompletableFuture<CompletionStage<Boolean>> left = new CompletableFuture<>();
            Watched run = new Watched(event -> {
                if (isStep(event, LEAVES_AT)) {
                    left.complete(first.worker.leave(SOON));
                }
            });
            TrainingResult result = run.over(first.address());
            TrainingEvent.Repartitioned moved = run.requireHandedOver(result);
            assertThat(moved.workers()).isEqualTo(1);
            assertThat(moved.cause()).endsWith(" on worker " + second.address() + " now");
            assertThat(left.join().toCompletableFuture().join()).as("in time").isTrue();
            List<Integer> stages = first.await(WorkerEvent.HandingOver.class).stages();
            assertThat(moved.cause())
                    .startsWith("worker " + first.address() + " with stage")
                    .contains(stages.size() == 1 ? ": it is on " : ": they are on ");
            second.worker.awaitTermination(); // nobody could find it any more
        }
    }

    /** A worker that is asked to go says so to whoever asks, and a run that cannot hear it is lost to it after its time. */
    @Test
    void aWorkerThatLeavesIsSeenAndGoesWhenItsTimeIsOver() throws InterruptedException {
        try (Told first = new Told(List.of());
                Told second = new Told(List.of(first.address()))) {
            second.await(WorkerEvent.Joined.class);
            CompletableFuture<NodeStatus> seen = new CompletableFuture<>();
            Watched run = new Watched(event -> {
                if (isStep(event, LEAVES_AT)) {
                    // On the thread of the run, which so hears nothing before the time is over.
                    CompletionStage<Boolean> left = second.worker.leave(Duration.ofSeconds(1));
                    seen.complete(status(second));
                    assertThat(left.toCompletableFuture().join()).isFalse();
                    second.worker.close();
                }
            });
            TrainingResult result = run.over(first.address());
            assertThat(seen.join().leaving()).isTrue();
            assertThat(seen.join().held()).isPresent();
            assertThat(status(first).leaving()).isFalse();
            assertThat(result.stateSha256())
                    .isEqualTo(Ketju.fit(job().stages(1).build()).stateSha256());
            assertThat(run.events.stream().filter(TrainingEvent.Restarted.class::isInstance))
                    .hasSize(1);
        }
    }

    private static NodeStatus status(Told worker) {
        return ClusterStatus.ask(List.of(worker.address()), Optional.empty(), SOON).nodes().stream()
                .filter(node -> node.address().equals(worker.address()))
                .findFirst()
                .flatMap(ClusterStatus.Node::status)
                .orElseThrow();
    }
}
