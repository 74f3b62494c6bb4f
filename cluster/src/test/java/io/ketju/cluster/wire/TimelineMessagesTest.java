package io.ketju.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.MessageLite;
import io.ketju.actors.message.CoordinatorCommand.WindowWatched;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageMemory;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import io.ketju.protocol.control.WatchedAction;
import io.ketju.protocol.control.WatchedTensor;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineMessagesTest {
    private static final int LARGEST = 64 * 1024;
    private static final String MANIFEST = "WindowWatched";

    private final ActorTestKit kit = ActorTestKit.create("ketju-timeline-test");
    private final ControlSerializer serializer =
            new ControlSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private static TracedAction action(Action action, Cause cause, long ready) {
        return new TracedAction(
                3,
                9,
                Window.Phase.TRAIN,
                action,
                cause,
                ready,
                ready + 1,
                ready + 1000,
                ready + 900,
                ready + (1L << 50));
    }

    /** Terabytes everywhere. */
    private static RankLoad load(int links, int stages) {
        long most = 1L << 42;
        return new RankLoad(
                1L << 50,
                Collections.nCopies(links, new LinkBytes(9998, 9999, most)),
                Collections.nCopies(
                        stages, new StageMemory(9999, most, most + 1, most + 2, most + 3, most + 4, most + 5, 9999)));
    }

    private Object readBack(WindowWatched message) throws NotSerializableException {
        byte[] bytes = serializer.toBinary(message);
        assertThat(bytes.length).isLessThan(LARGEST);
        return serializer.fromBinary(bytes, serializer.manifest(message));
    }

    @Test
    void everyActionAndTensorReadsBack() throws NotSerializableException {
        List<TracedAction> actions = new ArrayList<>();
        for (Action.Kind kind : Action.Kind.values()) {
            Action action = new Action(3, kind, 0);
            actions.add(action(action, Cause.of(Cause.Reason.TURN), Long.MIN_VALUE));
        }
        for (Cause.Reason reason : Cause.Reason.values()) {
            actions.add(action(Action.step(3), new Cause(reason, StagePorts.FEEDER, 2), -5));
        }
        List<TracedTensor> tensors = new ArrayList<>();
        for (TensorKey.Kind kind : TensorKey.Kind.values()) {
            tensors.add(new TracedTensor(kind, 9, 1, 2, 3, StagePorts.FEEDER, -1L << 60));
        }
        WindowWatched message = new WindowWatched(
                7, 9, 3, new ProcessTrace(actions, tensors, tensors.reversed(), 1L << 40), load(2, 3));
        assertThat(readBack(message)).isEqualTo(message);
    }

    /** The largest there can be fits a message, with the longest names and numbers. */
    @Test
    void theMostThatIsToldFitsAMessage() throws NotSerializableException {
        Cause cause = new Cause(Cause.Reason.REPLICA_WEIGHT, 9999, 9999);
        List<TracedAction> actions = Collections.nCopies(
                WindowWatched.MOST_ACTIONS, action(new Action(9999, Action.Kind.F, 9999), cause, Long.MAX_VALUE >> 1));
        List<TracedTensor> tensors = Collections.nCopies(
                WindowWatched.MOST_TENSORS,
                new TracedTensor(TensorKey.Kind.REPLICA_WEIGHT, 9, 9999, 9999, 9999, 9999, Long.MAX_VALUE));
        WindowWatched message = new WindowWatched(
                7,
                9,
                3,
                new ProcessTrace(actions, tensors, tensors, 1L << 40),
                load(RankLoad.MOST_LINKS, RankLoad.MOST_STAGES));
        assertThat(readBack(message)).isEqualTo(message);
    }

    private void refused(io.ketju.protocol.control.WindowWatched.Builder message, String words) {
        MessageLite built = message.setIncarnation(1).build();
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> serializer.fromBinary(built.toByteArray(), MANIFEST))
                .withMessageStartingWith("control message 'WindowWatched': ")
                .withMessageContaining(words);
    }

    private static WatchedAction.Builder good() {
        return WatchedAction.newBuilder().setAction("3F0").setReason("TURN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "F0", "3X0", "3F99999999999", "-1F0"})
    void anActionThatIsNoneIsRefused(String text) {
        refused(io.ketju.protocol.control.WindowWatched.newBuilder().addActions(good().setAction(text)), text);
    }

    @Test
    void otherReasonsAndKindsAreRefused() {
        refused(io.ketju.protocol.control.WindowWatched.newBuilder().addActions(good().setReason("WHIM")), "WHIM");
        refused(
                io.ketju.protocol.control.WindowWatched.newBuilder()
                        .addSent(WatchedTensor.newBuilder().setKind("WEIGHT")),
                "WEIGHT");
    }

    @Test
    void moreThanMayBeToldIsRefused() {
        refused(
                io.ketju.protocol.control.WindowWatched.newBuilder()
                        .addAllActions(Collections.nCopies(WindowWatched.MOST_ACTIONS + 1, good().build())),
                "found 513 actions");
        refused(
                io.ketju.protocol.control.WindowWatched.newBuilder()
                        .addAllArrived(Collections.nCopies(
                                WindowWatched.MOST_TENSORS + 1,
                                WatchedTensor.newBuilder().setKind("FED").build())),
                "257 that arrived");
        refused(
                io.ketju.protocol.control.WindowWatched.newBuilder()
                        .addAllLinkBytes(Collections.nCopies(
                                RankLoad.MOST_LINKS + 1, io.ketju.protocol.control.LinkBytes.getDefaultInstance())),
                "found 65 links");
        refused(
                io.ketju.protocol.control.WindowWatched.newBuilder()
                        .addAllMemory(Collections.nCopies(
                                RankLoad.MOST_STAGES + 1, io.ketju.protocol.control.StageMemory.getDefaultInstance())),
                "33 stages");
    }
}
