package io.ketju.actors.feed;

import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageLink;
import io.ketju.data.BadDataException;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Sends of each micro-batch to every stage what it reads, as far ahead as its buffers allow: a buffer comes back when its
 * stage is done with it, so a slow stage slows the feeder.
 */
public final class BatchFeeder extends AbstractMatchingBehavior<FeederCommand> {
    sealed interface Own extends FeederCommand.Internal {}

    private record LinksOpened(Links links) implements Own {}

    private record LinksFailed(Throwable cause) implements Own {}

    /** Buffers of one of the things that a batch gives came back. */
    private record Freed(int thing) implements Own {}

    /**
     * The ways to the stages that read the batch.
     *
     * @param byStage by the stage's index; the feeder closes them
     */
    public record Links(Map<Integer, StageLink> byStage) {
        /** Copies the map. */
        public Links {
            byStage = Map.copyOf(byStage);
        }

        void send(int stage, TensorKey key, TensorLease lease) {
            Objects.requireNonNull(byStage.get(stage), "no link").send(key, lease);
        }

        void close() {
            byStage.values().forEach(StageLink::close);
        }
    }

    private final MicrobatchBuffers buffers;
    private final FreedBuffers freed;
    private final FeederMachine machine;
    private final Function<List<StageAddress>, CompletionStage<Links>> connector;
    private @Nullable Links links;
    private FeederCommand.@Nullable Connect wanted;
    private @Nullable ActorRef<FeederReport> reports;
    /** What was caught when the machine last heard of a failure. */
    private @Nullable Throwable thrown;

    /**
     * {@return a feeder that waits for {@link FeederCommand.Connect}}
     *
     * @param buffers the run's samples; used by this actor alone until it has stopped, and closed by the caller
     * @param connector opens the links to those of these stages that read the batch
     */
    public static Behavior<FeederCommand> create(
            MicrobatchBuffers buffers, Function<List<StageAddress>, CompletionStage<Links>> connector) {
        return Behaviors.setup(context -> new BatchFeeder(context, buffers, connector));
    }

    private BatchFeeder(
            ActorContext<FeederCommand> context,
            MicrobatchBuffers buffers,
            Function<List<StageAddress>, CompletionStage<Links>> connector) {
        super(context);
        this.buffers = buffers;
        this.connector = connector;
        this.machine = new FeederMachine(buffers.buffers(), buffers::needed);
        ActorRef<FeederCommand> self = context.getSelf();
        this.freed = new FreedBuffers(buffers.together(), thing -> self.tell(new Freed(thing)));
        buffers.onFreed(freed::freed);
    }

    @Override
    public Behavior<FeederCommand> onMessage(FeederCommand command) {
        return switch (command) {
            case FeederCommand.Connect connect -> {
                wanted = connect;
                reports = connect.replyTo();
                yield feed(new FeederEvent.ConnectAsked());
            }
            case FeederCommand.FeedWindow feed -> feed(new FeederEvent.WindowGranted(feed.window()));
            case FeederCommand.FeedWindows several -> feedAll(several.windows());
            case FeederCommand.Stop stop -> {
                reports = stop.replyTo();
                yield feed(new FeederEvent.StopAsked());
            }
            case FeederCommand.Internal own -> onOwn((Own) own);
        };
    }

    private Behavior<FeederCommand> onOwn(Own command) {
        return switch (command) {
            case LinksOpened opened -> {
                links = opened.links();
                yield feed(new FeederEvent.LinksOpened());
            }
            case LinksFailed failed ->
                fail(
                        new RunFailure.FeederUnconnected(
                                String.valueOf(failed.cause().getMessage())),
                        failed.cause());
            case Freed back -> feed(new FeederEvent.BuffersFreed(back.thing(), freed.take(back.thing())));
        };
    }

    private Behavior<FeederCommand> feedAll(List<GrantedWindow> windows) {
        Behavior<FeederCommand> next = this;
        for (GrantedWindow window : windows) {
            next = feed(new FeederEvent.WindowGranted(window));
        }
        return next;
    }

    private Behavior<FeederCommand> feed(FeederEvent event) {
        Behavior<FeederCommand> next = this;
        for (FeederEffect effect : machine.on(event)) {
            switch (effect) {
                case FeederEffect.OpenLinks open -> openLinks(Objects.requireNonNull(wanted));
                case FeederEffect.ReportConnected connected -> report(new FeederReport.Connected());
                case FeederEffect.SendMicrobatch send -> {
                    try {
                        buffers.send(send.window(), send.microbatch(), Objects.requireNonNull(links)::send);
                    } catch (Throwable e) { // data sets are the user's: whatever they throw ends the run, and arrives
                        // there
                        getContext().getLog().error("the feeder failed", e);
                        String line = e instanceof BadDataException bad ? bad.getMessage() : e.toString();
                        return fail(new RunFailure.BadData(String.valueOf(line)), e);
                    }
                }
                case FeederEffect.ReportFailed failed ->
                    report(new FeederReport.Failed(failed.failure(), Optional.ofNullable(thrown)));
                case FeederEffect.CloseLinks close ->
                    Objects.requireNonNull(links).close();
                case FeederEffect.End end -> {
                    buffers.onFreed(port -> {});
                    report(new FeederReport.Stopped());
                    next = Behaviors.stopped();
                }
            }
        }
        return next;
    }

    private Behavior<FeederCommand> fail(RunFailure failure, Throwable cause) {
        thrown = cause;
        return feed(new FeederEvent.Failed(failure));
    }

    private void report(FeederReport report) {
        Objects.requireNonNull(reports).tell(report);
    }

    private void openLinks(FeederCommand.Connect connect) {
        CompletionStage<Links> opening;
        try {
            opening = connector.apply(connect.stages());
        } catch (RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        getContext()
                .pipeToSelf(
                        opening,
                        (opened, failure) ->
                                opened == null ? new LinksFailed(rootCause(failure)) : new LinksOpened(opened));
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
