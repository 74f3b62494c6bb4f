package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.StageMachine;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * One rank, with one stage of a model or several: turns messages into events for its {@link StageMachine} and performs the
 * machine's effects. On a dispatcher whose threads are those of the tensor core, as a worker spawns it, an action runs where
 * the message was taken, and the next one follows without a change of threads; on any other the tensor core runs it, and the
 * actor goes on. Messages are the same either way. What must not wait for an action is the worker's to answer.
 *
 * <p>After a failure, and after {@link StageCommand.Release}, it only discards what still comes; it lives until
 * {@link StageCommand.Stop}, so that no lease is lost on the way to an actor that has gone.
 */
public final class StageActor extends AbstractMatchingBehavior<StageCommand> {
    private final StageParts parts;
    private final StageTrace trace;
    private final StageTasks tasks;
    private final StageLinks links;
    private final StageReports reports;
    private final StageEffects effects;
    private final ShardStore shards;
    private final StageCopies copies;
    private StageCommand.@Nullable InspectMicrobatch inspect;
    private StageCommand.@Nullable Release release;
    private boolean leaving;

    /**
     * {@return a rank that is not traced, and waits for {@link StageCommand.ConnectLinks}}
     *
     * @param parts stay the worker's, who closes the computes
     */
    public static Behavior<StageCommand> create(StageParts parts) {
        return create(parts, StageTrace.OFF);
    }

    /**
     * {@return the same with somebody who hears when what happens}
     *
     * @param parts stay the worker's, who closes the computes
     * @param trace used by the rank alone until it is released
     */
    public static Behavior<StageCommand> create(StageParts parts, StageTrace trace) {
        return Behaviors.setup(context -> new StageActor(context, parts, trace));
    }

    private StageActor(ActorContext<StageCommand> context, StageParts parts, StageTrace listener) {
        super(context);
        this.trace = new RecordedRank(parts.rank(), new WatchedRank(parts, listener));
        this.parts = parts;
        ActorRef<StageCommand> self = context.getSelf();
        this.tasks = new StageTasks(parts, self);
        this.links = new StageLinks(trace);
        this.reports = new StageReports(parts, due -> context.scheduleOnce(due, self, StageAnswer.ReportsDue.NOW));
        this.shards =
                new ShardStore(parts, context.messageAdapter(CheckpointWriter.ShardOutcome.class, ShardStore::answer));
        this.copies = new StageCopies(parts);
        this.effects = new StageEffects(parts, tasks, links, reports, copies, trace);
        parts.computes().forEach(compute -> StageAnswer.ofReleased(compute, self));
    }

    @Override
    public Behavior<StageCommand> onMessage(StageCommand command) {
        if (command instanceof StageCommand.Stop) {
            return Behaviors.stopped();
        }
        try {
            handle(command);
        } catch (RuntimeException e) {
            getContext().getLog().error("rank {} failed on {}", parts.rank(), command, e);
            String cause = String.valueOf(e.getMessage());
            RunFailure.OfStage failure = new RunFailure.StageFailed(parts.spokesman(), effects.step(), cause);
            reports.failed(failure, Optional.of(e)).ifPresent(this::feed);
        }
        inspectWhenIdle();
        releaseWhenIdle();
        return this;
    }

    private void handle(StageCommand command) {
        if (command instanceof StageCommand.Directive directive && directive.incarnation() != parts.incarnation()) {
            return;
        }
        switch (command) {
            case StageCommand.GrantWindow grant -> {
                copies.granted(grant);
                trace.granted(grant);
                feed(new StageEvent.WindowGranted(grant.window()));
            }
            case StageCommand.GrantWindows several -> several.windows().forEach(this::handle);
            case StageCommand.TakeSums take -> feed(new StageEvent.SumsAgreed(take.window(), take.sums()));
            case StageCommand.SaveShard save -> {
                if (!leaving && !reports.failed()) {
                    tasks.makeReady(save, effects.window());
                }
            }
            case StageCommand.InspectMicrobatch asked -> {
                if (!leaving) {
                    inspect = asked;
                    reports.fallSilent();
                    feed(new StageEvent.Aborted("the run fails"));
                }
            }
            case StageCommand.DeliverTensor tensor ->
                feed(new StageEvent.TensorArrived(tensor.stage(), tensor.key(), tensor.lease()));
            case StageCommand.ConnectLinks connect -> {
                links.connect(connect.links());
                shards.connect(connect.folder());
                copies.connect(connect.copies());
            }
            case StageCommand.LinkLost lost -> {
                if (!leaving) {
                    reports.neighbourLost(lost.neighbour(), effects.step(), lost.cause());
                }
            }
            case StageCommand.Release asked -> {
                release = asked;
                leaving = true;
                feed(new StageEvent.Aborted(asked.reason()));
            }
            case StageCommand.Stop stop -> {}
            case StageCommand.Internal answer -> onAnswer((StageAnswer) answer);
        }
    }

    private void onAnswer(StageAnswer answer) {
        switch (answer) {
            case StageAnswer.ComputeEnded ended -> onComputeEnded(ended);
            case StageAnswer.ReportsDue due -> reports.tellFinished();
            case StageAnswer.OutputReleased released -> feed(new StageEvent.OutputReleased(released.stage()));
            case StageAnswer.PredictionReleased released -> feed(new StageEvent.PredictionReleased(released.stage()));
            case StageAnswer.Inspected inspected -> {
                tasks.ended();
                inspected.inspections().forEach(reports::inspected);
            }
            case StageAnswer.StateReady ready -> {
                tasks.ended();
                long step = ready.save().step();
                ready.failures().forEach((stage, thrown) -> threw(stage, "checkpoint of step " + step, thrown));
                if (!leaving && !reports.failed()) {
                    shards.write(ready);
                    ready.finite().keySet().forEach(stage -> reports.shardReady(stage, step));
                }
            }
            case StageAnswer.OfShard it -> shards.heard(it, reports, leaving).ifPresent(this::feed);
        }
    }

    /** Every lease that comes in is filed, passed on or closed, also when something throws on the way. */
    private void feed(StageEvent event) {
        List<StageEffect> wanted;
        try {
            trace.takes(event);
            wanted = parts.machine().on(event);
        } catch (RuntimeException e) {
            StrayLeases.close(event);
            throw e;
        }
        effects.perform(wanted);
    }

    private void onComputeEnded(StageAnswer.ComputeEnded ended) {
        tasks.ended();
        int stage = ended.action().stage();
        effects.computed(stage, ended.started(), ended.ended());
        ActionResult result = ended.result();
        if (result != null) {
            feed(result.done());
        } else {
            threw(stage, parts.compute(stage).describe(ended.action()), ended.failure());
        }
    }

    private void threw(int stage, String where, @Nullable Throwable thrown) {
        getContext().getLog().error("stage {} failed in {}", stage, where, thrown);
        reports.threw(stage, where, thrown, effects.step()).ifPresent(this::feed);
    }

    private void inspectWhenIdle() {
        StageCommand.InspectMicrobatch asked = inspect;
        if (asked != null && !tasks.busy()) {
            inspect = null;
            tasks.inspect(asked.window(), asked.microbatch());
        }
    }

    private void releaseWhenIdle() {
        if (release != null && !tasks.busy() && !shards.writing()) {
            links.close();
            shards.close();
            copies.close();
            release.replyTo().tell(new StageCommand.Released(parts.rank()));
            release = null;
        }
    }
}
