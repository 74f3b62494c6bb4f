package io.ketju.cluster.security;

import io.ketju.actors.message.WorkerCommand;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a worker. Stages are placed for a coordinator that is a member of this cluster in the role of one, copies of stages are
 * sent to the host of one, and neither for anybody else; what else a worker does, it does for the coordinator of the stages that it holds.
 * News of a new member may come a little later than its first message, so a stranger's command is looked at again for a short
 * while before it is dropped.
 */
public final class CommandGate extends BehaviorInterceptor<WorkerCommand, WorkerCommand> {
    private static final Logger LOG = LoggerFactory.getLogger(CommandGate.class);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final int MOST_LOOKS = 30;

    /** A command that is looked at again. */
    private record Waiting(WorkerCommand command, int looks) implements WorkerCommand.Internal {}

    private final String role;

    private final Consumer<WorkerCommand.PlaceStages> placed;

    private CommandGate(String role, Consumer<WorkerCommand.PlaceStages> placed) {
        super(WorkerCommand.class);
        this.role = role;
        this.placed = placed;
    }

    /**
     * Puts a worker behind this gate.
     *
     * @param worker that is commanded
     * @param role of the nodes whose coordinators may place stages
     * @param placed hears of every placement that is let through, before the worker does
     * @return the worker as others see it
     */
    public static Behavior<WorkerCommand> before(
            Behavior<WorkerCommand> worker, String role, Consumer<WorkerCommand.PlaceStages> placed) {
        return Behaviors.intercept(() -> new CommandGate(role, placed), worker);
    }

    @Override
    public Behavior<WorkerCommand> aroundReceive(
            TypedActorContext<WorkerCommand> context, WorkerCommand command, ReceiveTarget<WorkerCommand> target) {
        return command instanceof Waiting waiting
                ? look(context, waiting.command(), waiting.looks() + 1, target)
                : look(context, command, 1, target);
    }

    private Behavior<WorkerCommand> look(
            TypedActorContext<WorkerCommand> context,
            WorkerCommand command,
            int looks,
            ReceiveTarget<WorkerCommand> target) {
        ActorContext<WorkerCommand> worker = context.asJava();
        boolean known = switch (command) {
            case WorkerCommand.PlaceStages place ->
                isCoordinator(worker, place.coordinator().path().address());
            case WorkerCommand.SendCopies send ->
                isHostOfCoordinator(worker, send.folder().getAddress());
            default -> true;
        };
        if (known) {
            if (command instanceof WorkerCommand.PlaceStages place) {
                placed.accept(place);
            }
            return target.apply(context, command);
        }
        if (looks < MOST_LOOKS) {
            worker.scheduleOnce(AGAIN, worker.getSelf(), new Waiting(command, looks));
        } else {
            warn(command);
        }
        return Behaviors.same();
    }

    private void warn(WorkerCommand refused) {
        if (refused instanceof WorkerCommand.PlaceStages place) {
            LOG.warn(
                    "refused to place stages of run '{}' for {}: it is no {} of this cluster",
                    printable(place.run()),
                    printable(place.coordinator().path().address().toString()),
                    role);
        } else if (refused instanceof WorkerCommand.SendCopies send) {
            LOG.warn("refused to send copies of stages to {}: no {} of this cluster is there", send.folder(), role);
        }
    }

    private boolean isCoordinator(ActorContext<WorkerCommand> worker, Address address) {
        if (address.hasLocalScope()) {
            return true; // of this very process
        }
        return coordinators(worker).contains(address);
    }

    private boolean isHostOfCoordinator(ActorContext<WorkerCommand> worker, InetAddress host) {
        return coordinators(worker).stream()
                .flatMap(coordinator -> addresses(coordinator.getHost()))
                .anyMatch(host::equals);
    }

    private List<Address> coordinators(ActorContext<WorkerCommand> worker) {
        List<Address> addresses = new ArrayList<>();
        Cluster.get(worker.getSystem()).state().getMembers().forEach(member -> {
            if (member.hasRole(role)) {
                addresses.add(member.address());
            }
        });
        return addresses;
    }

    private static Stream<InetAddress> addresses(Optional<String> host) {
        try {
            return host.isEmpty() ? Stream.empty() : Stream.of(InetAddress.getAllByName(host.get()));
        } catch (UnknownHostException e) {
            return Stream.empty();
        }
    }

    private static String printable(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ");
        return plain.length() <= 100 ? plain : plain.substring(0, 100) + "...";
    }
}
