package io.ketju.actors.feed;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.OutputCommand;
import io.ketju.pipeline.stage.WindowOutputs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Takes the outputs of windows that predict, of all stages, and puts them where they are wanted. Every lease is closed as
 * soon as it has come, so that the stage may make the next. Tensors of windows that nobody expects are dropped.
 */
public final class OutputReceiver extends AbstractMatchingBehavior<OutputCommand> {
    private record Expected(OutputCommand.Expect asked, WindowOutputs outputs) {
        void answer(Optional<String> failure) {
            asked.replyTo().tell(new OutputCommand.Outputs(asked.window().number(), failure));
        }
    }

    private final int incarnation;
    private final ActorRef<CoordinatorCommand.NeighbourLost> losses;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private boolean released;

    /**
     * {@return a receiver that expects nothing yet}
     *
     * @param incarnation of the run's start: outputs of any other are dropped
     * @param losses hears of every stage whose outputs cannot come any more
     */
    public static Behavior<OutputCommand> create(int incarnation, ActorRef<CoordinatorCommand.NeighbourLost> losses) {
        return Behaviors.setup(context -> new OutputReceiver(context, incarnation, losses));
    }

    private OutputReceiver(
            ActorContext<OutputCommand> context, int incarnation, ActorRef<CoordinatorCommand.NeighbourLost> losses) {
        super(context);
        this.incarnation = incarnation;
        this.losses = losses;
    }

    @Override
    public Behavior<OutputCommand> onMessage(OutputCommand command) {
        switch (command) {
            case OutputCommand.Expect asked ->
                expected.add(new Expected(asked, new WindowOutputs(incarnation, asked.window(), asked.wanted())));
            case OutputCommand.DeliverOutput output -> deliver(output);
            case OutputCommand.LinkLost lost -> lost(lost);
            case OutputCommand.Release release -> released = true;
            case OutputCommand.Stop stop -> {
                expected.forEach(window -> window.answer(Optional.of(stop.reason())));
                expected.clear();
            }
        }
        return this;
    }

    private void lost(OutputCommand.LinkLost lost) {
        if (!released) {
            long step = expected.isEmpty()
                    ? 0
                    : expected.getFirst().asked().window().step();
            losses.tell(new CoordinatorCommand.NeighbourLost(incarnation, lost.stage(), step, lost.cause()));
        }
    }

    private void deliver(OutputCommand.DeliverOutput output) {
        Iterator<Expected> windows = expected.iterator();
        while (windows.hasNext()) {
            Expected window = windows.next();
            if (window.asked().window().number() == output.key().window()) {
                take(window, output, windows);
                return;
            }
        }
        output.lease().close();
    }

    private void take(Expected window, OutputCommand.DeliverOutput output, Iterator<Expected> windows) {
        Optional<String> failure = Optional.empty();
        try {
            window.outputs().take(output.key(), output.lease());
        } catch (RuntimeException e) {
            getContext().getLog().error("{} does not fit", output.key(), e);
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        if (failure.isPresent() || window.outputs().complete()) {
            windows.remove();
            window.answer(failure);
        }
    }
}
