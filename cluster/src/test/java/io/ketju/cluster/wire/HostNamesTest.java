package io.ketju.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import java.io.NotSerializableException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostNamesTest {
    private final ActorTestKit kit = ActorTestKit.create("ketju-host-names-test");
    private final ControlSerializer serializer =
            new ControlSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));
    private final TestProbe<StageCommand> stage = kit.createTestProbe();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    /** A certificate may have a name and no address: whoever connects compares it with what was sent. */
    @Test
    void hostsStayTheNamesThatTheyWereGiven() throws NotSerializableException {
        InetSocketAddress named = new InetSocketAddress("localhost", 7355);
        StageAddress sent = new StageAddress(0, 0, stage.getRef(), Optional.of(named));
        CoordinatorCommand.WorkerPlaced placed = new CoordinatorCommand.WorkerPlaced(7, 1, List.of(sent));
        Object read = again(placed);
        StageAddress received =
                ((CoordinatorCommand.WorkerPlaced) read).stages().getFirst();
        assertThat(received.data().orElseThrow().getHostString()).isEqualTo("localhost");
        RunTicket ticket = new RunTicket(1, 2, 7);
        WorkerCommand.ConnectStages connect =
                new WorkerCommand.ConnectStages(ticket, List.of(sent), Optional.empty(), Optional.of(named));
        assertThat(((WorkerCommand.ConnectStages) again(connect))
                        .folder()
                        .orElseThrow()
                        .getHostString())
                .isEqualTo("localhost");
        WorkerCommand.SendCopies copies = new WorkerCommand.SendCopies(ticket, 6, 90, List.of(0), named);
        assertThat(((WorkerCommand.SendCopies) again(copies)).folder().getHostString())
                .isEqualTo("localhost");
    }

    private Object again(Object message) throws NotSerializableException {
        return serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message));
    }
}
