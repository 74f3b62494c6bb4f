package io.ketju.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import java.io.NotSerializableException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandbyMessagesTest {
    private static final long WAY = Long.MIN_VALUE + 5;

    private final ActorTestKit kit = ActorTestKit.create("ketju-wire-test");
    private final ControlSerializer serializer =
            new ControlSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageReadsBack() throws NotSerializableException {
        ActorRef<StandbyReport> director = kit.<StandbyReport>createTestProbe().getRef();
        List<Object> messages = new ArrayList<>(List.of(
                new StandbyCommand.Follow(WAY, "process 4711 since then", List.of("a:1", "b:2"), director),
                new StandbyCommand.Follow(-1, "", List.of(), director),
                new StandbyReport.SharesFolder(WAY),
                new StandbyReport.Kept(WAY, 1L << 40),
                new StandbyReport.Refused(WAY, "a full disk"),
                new StandbyReport.TakenOver(WAY, 4),
                new StandbyReport.EndHeard(WAY),
                new StandbyReport.Left(WAY)));
        for (DriverNote.Outcome outcome : DriverNote.Outcome.values()) {
            messages.add(new StandbyCommand.Ended(WAY, new DriverNote.End(outcome, "why"), director));
        }
        for (Object message : messages) {
            byte[] bytes = serializer.toBinary(message);
            assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                    .as("%s", message)
                    .isEqualTo(message);
        }
    }

    @Test
    void hostsStayTheNamesThatTheyWereGiven() throws NotSerializableException {
        StandbyReport.Ready ready = new StandbyReport.Ready(WAY, new InetSocketAddress("localhost", 7355));
        StandbyReport.Ready read =
                (StandbyReport.Ready) serializer.fromBinary(serializer.toBinary(ready), serializer.manifest(ready));
        assertThat(read.way()).isEqualTo(WAY);
        assertThat(read.data().getHostString()).isEqualTo("localhost");
        assertThat(read.data().getPort()).isEqualTo(7355);
        assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "StandbyReady"))
                .isInstanceOf(NotSerializableException.class);
    }
}
