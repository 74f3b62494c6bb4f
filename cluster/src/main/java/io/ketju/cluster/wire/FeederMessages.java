package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.protocol.control.ConnectFeeder;
import io.ketju.protocol.control.FeedWindow;
import io.ketju.protocol.control.FeedWindows;
import io.ketju.protocol.control.FeederAnswer;
import io.ketju.protocol.control.StopFeeder;
import io.ketju.protocol.control.WorkerAnswer;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** The messages between a coordinator and a feeder on a worker. What a mini-batch is, both know by its index. */
final class FeederMessages {
    private final ActorRefResolver resolver;
    private final ControlValues values;

    FeederMessages(ActorRefResolver resolver, ControlValues values) {
        this.resolver = resolver;
        this.values = values;
    }

    List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>("ConnectFeeder", FeederCommand.Connect.class, this::write, this::connect),
                new WireFormat<>("FeedWindow", FeederCommand.FeedWindow.class, this::write, this::feedWindow),
                new WireFormat<>("FeedWindows", FeederCommand.FeedWindows.class, this::write, this::feedWindows),
                new WireFormat<>("StopFeeder", FeederCommand.Stop.class, this::write, this::stop),
                new WireFormat<>(
                        "FeederConnected",
                        FeederReport.Connected.class,
                        report -> answer(FeederAnswer.Kind.CONNECTED, ""),
                        bytes -> new FeederReport.Connected()),
                new WireFormat<>(
                        "FeederFailed", FeederReport.Failed.class, FeederMessages::write, FeederMessages::failed),
                new WireFormat<>(
                        "FeederStopped",
                        FeederReport.Stopped.class,
                        report -> answer(FeederAnswer.Kind.STOPPED, ""),
                        bytes -> new FeederReport.Stopped()),
                new WireFormat<>(
                        "FeederEnded",
                        CoordinatorCommand.FeederEnded.class,
                        FeederMessages::write,
                        FeederMessages::ended));
    }

    private ConnectFeeder write(FeederCommand.Connect message) {
        return ConnectFeeder.newBuilder()
                .addAllStages(message.stages().stream().map(values::write).toList())
                .setReplyTo(resolver.toSerializationFormat(message.replyTo()))
                .build();
    }

    private FeederCommand.Connect connect(byte[] bytes) throws InvalidProtocolBufferException {
        ConnectFeeder proto = ConnectFeeder.parseFrom(bytes);
        return new FeederCommand.Connect(
                proto.getStagesList().stream().map(values::read).toList(),
                resolver.resolveActorRef(proto.getReplyTo()));
    }

    private FeedWindow write(FeederCommand.FeedWindow message) {
        return write(message.window());
    }

    private FeederCommand.FeedWindow feedWindow(byte[] bytes) throws InvalidProtocolBufferException {
        return new FeederCommand.FeedWindow(read(FeedWindow.parseFrom(bytes)));
    }

    private FeedWindows write(FeederCommand.FeedWindows message) {
        return FeedWindows.newBuilder()
                .addAllWindows(message.windows().stream().map(this::write).toList())
                .build();
    }

    private FeederCommand.FeedWindows feedWindows(byte[] bytes) throws InvalidProtocolBufferException {
        return new FeederCommand.FeedWindows(FeedWindows.parseFrom(bytes).getWindowsList().stream()
                .map(this::read)
                .toList());
    }

    private FeedWindow write(GrantedWindow window) {
        return FeedWindow.newBuilder()
                .setWindow(values.write(window.window()))
                .setBatch(window.batch())
                .build();
    }

    private GrantedWindow read(FeedWindow proto) {
        return new GrantedWindow(values.read(proto.getWindow()), proto.getBatch());
    }

    private StopFeeder write(FeederCommand.Stop message) {
        return StopFeeder.newBuilder()
                .setReplyTo(resolver.toSerializationFormat(message.replyTo()))
                .build();
    }

    private FeederCommand.Stop stop(byte[] bytes) throws InvalidProtocolBufferException {
        return new FeederCommand.Stop(
                resolver.resolveActorRef(StopFeeder.parseFrom(bytes).getReplyTo()));
    }

    private static FeederAnswer write(FeederReport.Failed message) {
        return switch (message.failure()) {
            case RunFailure.BadData bad -> answer(FeederAnswer.Kind.BAD_DATA, bad.cause());
            case RunFailure.FeederUnconnected lost -> answer(FeederAnswer.Kind.UNCONNECTED, lost.cause());
            default -> throw new IllegalArgumentException("no failure of a feeder: " + message.failure());
        };
    }

    private static FeederReport.Failed failed(byte[] bytes) throws InvalidProtocolBufferException {
        FeederAnswer proto = FeederAnswer.parseFrom(bytes);
        return new FeederReport.Failed(
                switch (proto.getKind()) {
                    case BAD_DATA -> new RunFailure.BadData(proto.getCause());
                    case UNCONNECTED -> new RunFailure.FeederUnconnected(proto.getCause());
                    case CONNECTED, STOPPED, UNRECOGNIZED ->
                        throw new IllegalArgumentException("unknown failure of a feeder: " + proto.getKindValue());
                });
    }

    private static FeederAnswer answer(FeederAnswer.Kind kind, String cause) {
        return FeederAnswer.newBuilder().setKind(kind).setCause(cause).build();
    }

    private static WorkerAnswer write(CoordinatorCommand.FeederEnded message) {
        return WorkerAnswer.newBuilder()
                .setIncarnation(message.incarnation())
                .setWorker(message.worker())
                .build();
    }

    private static CoordinatorCommand.FeederEnded ended(byte[] bytes) throws InvalidProtocolBufferException {
        WorkerAnswer proto = WorkerAnswer.parseFrom(bytes);
        return new CoordinatorCommand.FeederEnded(proto.getIncarnation(), proto.getWorker());
    }
}
