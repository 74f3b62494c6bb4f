package io.ketju.actors.run;

import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.trace.TraceFile;
import io.ketju.actors.transport.StageTransport;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** This JVM: the run's only worker is here. */
final class EmbeddedSite implements RunSite {
    private final WorkerResources resources;

    private EmbeddedSite(WorkerResources resources) {
        this.resources = resources;
    }

    /** For a run that is not traced. */
    static EmbeddedSite open(int threads, Supplier<StageTransport> transport) {
        return open(threads, transport, Optional.empty());
    }

    /** @param traces the folder of the run, if it is to be traced */
    static EmbeddedSite open(int threads, Supplier<StageTransport> transport, Optional<Path> traces) {
        traces.ifPresent(TraceFile::removeFrom);
        TensorCore core = TensorCore.open(threads);
        try {
            return new EmbeddedSite(new WorkerResources(core, transport.get(), traces));
        } catch (RuntimeException | Error e) {
            core.close();
            throw e;
        }
    }

    @Override
    public StageTransport transport() {
        return resources.transport();
    }

    @Override
    public <T> ActorSystem<T> start(Behavior<T> guardian) {
        return ActorSystems.embedded(guardian);
    }

    @Override
    public void end(ActorSystem<?> system, Optional<String> lost) {
        ActorSystems.terminate(system);
    }

    @Override
    public List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news) {
        return List.of(context.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking()));
    }

    @Override
    public void requireRoom(TrainingJob job) {
        PlannedMemory.requireRoom(job);
    }

    @Override
    public String describe(RunFailure.WorkerLost lost) {
        return lost.line();
    }

    @Override
    public void close() {
        resources.close();
    }
}
