package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFiniteException;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a model: turns messages into events for its {@link StageMachine} and performs the machine's effects.
 * Compute runs on the tensor core, never on the actor's dispatcher, so the actor answers during a long product.
 *
 * <p>After a failure, and after {@link Release}, it only discards what still comes; it lives until {@link Stop}, so
 * that no lease is lost on the way to an actor that has gone.
 */
public final class StageActor extends AbstractMatchingBehavior<StageActor.Command> {
    /** What a stage understands. */
    public sealed interface Command {}

    /** The next mini-batch may start. */
    public record GrantWindow(int incarnation, Window window) implements Command {}

    /** Write this stage's part of a checkpoint. Sent at a step boundary, when no window is granted. */
    public record SaveShard(int incarnation, long step, Path directory) implements Command {}

    /**
     * Do nothing more, and say where the NaN or infinity in the loss of a micro-batch began.
     *
     * @param window number of the window
     */
    public record InspectMicrobatch(int incarnation, long window, int microbatch) implements Command {}

    /** A tensor from a neighbour or from the feeder; the lease moves. Never leaves the JVM. */
    public record DeliverTensor(TensorKey key, TensorLease lease) implements Command {}

    /** The ways to the neighbours are open; null where there is no neighbour. */
    public record ConnectLinks(
            @Nullable StageLink previous, @Nullable StageLink next) implements Command {}

    /** A connection to or from a neighbour broke. */
    public record LinkLost(int neighbour, String cause) implements Command {}

    /** Let go of everything; {@code replyTo} hears it when the stage neither computes nor writes nor sends any more. */
    public record Release(String reason, ActorRef<Released> replyTo) implements Command {}

    /** End the actor: all stages that could send to it are released. */
    public record Stop() implements Command {}

    /** Answer to {@link Release}. */
    public record Released(int stage) {}

    /** A compute of {@link StageTasks} ended, with a result or with what it threw. */
    record ComputeEnded(
            Action action,
            @Nullable ActionResult result,
            @Nullable Throwable failure,
            long nanos) implements Command {}

    record Inspected(Inspection inspection) implements Command {}

    record StateChecked(SaveShard save, @Nullable Throwable failure) implements Command {}

    private record ShardWritten(long step, Shard shard) implements Command {}

    private record ShardFailed(String cause) implements Command {}

    private record OutputReleased() implements Command {}

    /**
     * What a stage is made of. The worker owns the compute and closes it once all its stages are released, because
     * a neighbour may still hold a lease of its pools.
     *
     * @param stage index of the stage
     * @param incarnation the run's current start; anything of another is dropped
     */
    public record Parts(
            int stage,
            int incarnation,
            StageMachine machine,
            StageCompute compute,
            TensorCore core,
            ActorRef<CheckpointWriter.Command> writer,
            ActorRef<Coordinator.Command> coordinator) {}

    private final Parts parts;
    private final StageTasks tasks;
    private @Nullable StageLink previous;
    private @Nullable StageLink next;
    private @Nullable Window window;
    private boolean computing;
    private boolean saving;
    private boolean failed;
    private boolean leaving;
    private long busyNanos;
    private @Nullable InspectMicrobatch inspect;
    private @Nullable Release release;

    public static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> new StageActor(context, parts));
    }

    private StageActor(ActorContext<Command> context, Parts parts) {
        super(context);
        this.parts = parts;
        ActorRef<Command> self = context.getSelf();
        this.tasks = new StageTasks(parts.core(), parts.compute(), self);
        parts.compute().onOutputReleased(() -> self.tell(new OutputReleased()));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        if (command instanceof Stop) {
            return Behaviors.stopped();
        }
        try {
            handle(command);
        } catch (RuntimeException e) {
            getContext().getLog().error("stage {} failed on {}", parts.stage(), command, e);
            fail(String.valueOf(e.getMessage()), Optional.of(e));
        }
        inspectWhenIdle();
        releaseWhenIdle();
        return this;
    }

    private void handle(Command command) {
        switch (command) {
            case GrantWindow grant -> {
                if (grant.incarnation() == parts.incarnation()) {
                    feed(new StageEvent.WindowGranted(grant.window()));
                }
            }
            case DeliverTensor tensor -> feed(new StageEvent.TensorArrived(tensor.key(), tensor.lease()));
            case ComputeEnded ended -> onComputeEnded(ended);
            case OutputReleased released -> feed(new StageEvent.OutputReleased());
            case ConnectLinks links -> {
                previous = links.previous();
                next = links.next();
            }
            case LinkLost lost -> {
                if (!leaving) {
                    parts.coordinator()
                            .tell(new Coordinator.NeighbourLost(
                                    parts.incarnation(), lost.neighbour(), step(), lost.cause()));
                }
            }
            case SaveShard save -> onSaveShard(save);
            case InspectMicrobatch asked -> onInspect(asked);
            case Inspected answer -> {
                computing = false;
                parts.coordinator().tell(new Coordinator.MicrobatchInspected(parts.incarnation(), answer.inspection()));
            }
            case StateChecked checked -> {
                saving = false;
                if (checked.failure() != null) {
                    failed("checkpoint of step " + checked.save().step(), checked.failure());
                } else if (!leaving && !failed) {
                    store(checked.save());
                }
            }
            case ShardWritten written -> {
                saving = false;
                parts.coordinator()
                        .tell(new Coordinator.ShardSaved(
                                parts.incarnation(), parts.stage(), written.step(), written.shard()));
            }
            case ShardFailed rejected -> {
                saving = false;
                fail("checkpoint failed: " + rejected.cause(), Optional.empty());
            }
            case Release asked -> {
                release = asked;
                leaving = true;
                feed(new StageEvent.Aborted(asked.reason()));
            }
            case Stop stop -> {}
        }
    }

    /** Every lease that comes in is filed, passed on or closed, also when something throws on the way. */
    private void feed(StageEvent event) {
        List<StageEffect> effects;
        try {
            effects = parts.machine().on(event);
        } catch (RuntimeException e) {
            StrayLeases.close(event);
            throw e;
        }
        int done = 0;
        try {
            for (StageEffect effect : effects) {
                perform(effect);
                done++;
            }
        } catch (RuntimeException e) {
            StrayLeases.close(effects.subList(done, effects.size()));
            throw e;
        }
    }

    /** Performs one effect; when this throws, its leases are still the caller's. */
    private void perform(StageEffect effect) {
        switch (effect) {
            case StageEffect.RunCompute run -> {
                window = run.window();
                tasks.run(run);
                computing = true;
            }
            case StageEffect.SendTensor send -> send(send.key(), send.lease());
            case StageEffect.FinishWindow finish -> finish(finish.window());
            case StageEffect.Discard discard -> {
                getContext()
                        .getLog()
                        .debug("stage {} discards {}: {}", parts.stage(), discard.lease(), discard.reason());
                discard.lease().close();
            }
        }
    }

    private void onComputeEnded(ComputeEnded ended) {
        computing = false;
        busyNanos += ended.nanos();
        ActionResult result = ended.result();
        if (result != null) {
            feed(result.done());
            return;
        }
        failed(parts.compute().describe(ended.action()), ended.failure());
    }

    private void failed(String where, @Nullable Throwable failure) {
        getContext().getLog().error("stage {} failed in {}", parts.stage(), where, failure);
        if (failure instanceof NonFiniteException e && e.found().isPresent()) {
            met(e.found().get());
        } else {
            fail(where + ": " + failure, Optional.ofNullable(failure));
        }
    }

    /** The window goes on where it can: other stages may have met the same, and know better where it began. */
    private void met(NonFinite found) {
        if (!failed) {
            failed = true;
            parts.coordinator().tell(new Coordinator.NonFiniteFound(parts.incarnation(), found));
            feed(new StageEvent.Aborted(found.what()));
        }
    }

    private void onInspect(InspectMicrobatch asked) {
        if (asked.incarnation() == parts.incarnation() && !leaving) {
            inspect = asked;
            failed = true;
            feed(new StageEvent.Aborted("the run fails"));
        }
    }

    private void inspectWhenIdle() {
        InspectMicrobatch asked = inspect;
        if (asked == null || computing) {
            return;
        }
        inspect = null;
        computing = true;
        tasks.inspect(asked.window(), asked.microbatch());
    }

    private void send(TensorKey key, TensorLease lease) {
        StageLink link = key.kind() == TensorKey.Kind.ACTIVATION ? next : previous;
        if (link == null) {
            throw new IllegalStateException("no link for " + key);
        }
        link.send(key, lease);
    }

    private void finish(Window finished) {
        WindowMetrics metrics = parts.compute().finishWindow();
        boolean last = parts.compute().position().last();
        parts.coordinator()
                .tell(new Coordinator.WindowFinished(
                        parts.incarnation(),
                        parts.stage(),
                        finished.number(),
                        last ? Optional.of(metrics) : Optional.empty(),
                        busyNanos));
        busyNanos = 0;
    }

    private void onSaveShard(SaveShard save) {
        if (save.incarnation() != parts.incarnation() || leaving || failed) {
            return;
        }
        saving = true;
        tasks.checkState(save, window);
    }

    private void store(SaveShard save) {
        ActorRef<CheckpointWriter.ShardOutcome> replyTo = getContext()
                .messageAdapter(CheckpointWriter.ShardOutcome.class, outcome -> switch (outcome) {
                    case CheckpointWriter.ShardStored stored -> new ShardWritten(stored.step(), stored.shard());
                    case CheckpointWriter.ShardRejected rejected -> new ShardFailed(rejected.cause());
                });
        parts.writer()
                .tell(new CheckpointWriter.StoreShard(
                        save.directory(),
                        parts.incarnation(),
                        parts.stage(),
                        save.step(),
                        parts.compute().tensors(),
                        replyTo));
        saving = true;
    }

    /** Reports the first failure; from then on the machine only discards. */
    private void fail(String cause, Optional<Throwable> thrown) {
        if (!failed) {
            failed = true;
            parts.coordinator()
                    .tell(new Coordinator.StageFailed(parts.incarnation(), parts.stage(), step(), cause, thrown));
            feed(new StageEvent.Aborted(cause));
        }
    }

    private long step() {
        return window == null ? 0 : window.step();
    }

    private void releaseWhenIdle() {
        if (release == null || computing || saving) {
            return;
        }
        close(previous);
        close(next);
        previous = null;
        next = null;
        release.replyTo().tell(new Released(parts.stage()));
        release = null;
    }

    private static void close(@Nullable StageLink link) {
        if (link != null) {
            link.close();
        }
    }
}
