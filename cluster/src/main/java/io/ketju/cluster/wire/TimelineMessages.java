package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import io.ketju.protocol.control.WatchedAction;
import io.ketju.protocol.control.WatchedTensor;
import io.ketju.protocol.control.WindowWatched;
import java.util.List;

/** What ranks did in windows that somebody watches, one rank and window a message. */
final class TimelineMessages {
    private TimelineMessages() {}

    static List<WireFormat<?>> formats() {
        return List.of(new WireFormat<>(
                "WindowWatched",
                CoordinatorCommand.WindowWatched.class,
                TimelineMessages::write,
                TimelineMessages::windowWatched));
    }

    private static WindowWatched write(CoordinatorCommand.WindowWatched message) {
        ProcessTrace did = message.did();
        return WindowWatched.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(message.window())
                .setRank(message.rank())
                .addAllActions(
                        did.actions().stream().map(TimelineMessages::write).toList())
                .addAllSent(did.sent().stream().map(TimelineMessages::write).toList())
                .addAllArrived(
                        did.arrived().stream().map(TimelineMessages::write).toList())
                .setDropped(did.dropped())
                .setWatchedNanos(message.load().nanos())
                .addAllLinkBytes(
                        message.load().sent().stream().map(LoadMessages::write).toList())
                .addAllMemory(
                        message.load().held().stream().map(LoadMessages::write).toList())
                .build();
    }

    private static WatchedAction write(TracedAction action) {
        return WatchedAction.newBuilder()
                .setAction(action.action().toString())
                .setReason(action.cause().reason().name())
                .setFrom(action.cause().from())
                .setEdge(action.cause().edge())
                .setReady(action.ready())
                .setStarted(action.started() - action.ready())
                .setEnded(action.ended() - action.started())
                .setHeard(action.heard() - action.ended())
                .setSent(action.sent() - action.heard())
                .build();
    }

    private static WatchedTensor write(TracedTensor tensor) {
        return WatchedTensor.newBuilder()
                .setKind(tensor.kind().name())
                .setMicrobatch(tensor.microbatch())
                .setEdge(tensor.edge())
                .setFrom(tensor.from())
                .setTo(tensor.to())
                .setAt(tensor.at())
                .build();
    }

    private static CoordinatorCommand.WindowWatched windowWatched(byte[] bytes) throws InvalidProtocolBufferException {
        WindowWatched proto = WindowWatched.parseFrom(bytes);
        return new CoordinatorCommand.WindowWatched(
                proto.getIncarnation(),
                proto.getWindow(),
                proto.getRank(),
                new ProcessTrace(
                        proto.getActionsList().stream()
                                .map(action -> read(action, proto))
                                .toList(),
                        tensors(proto.getSentList(), proto.getWindow()),
                        tensors(proto.getArrivedList(), proto.getWindow()),
                        proto.getDropped()),
                new RankLoad(
                        proto.getWatchedNanos(),
                        proto.getLinkBytesList().stream()
                                .map(LoadMessages::read)
                                .toList(),
                        proto.getMemoryList().stream().map(LoadMessages::read).toList()));
    }

    /** Training windows alone are watched. */
    private static TracedAction read(WatchedAction proto, WindowWatched of) {
        long started = proto.getReady() + proto.getStarted();
        long ended = started + proto.getEnded();
        long heard = ended + proto.getHeard();
        return new TracedAction(
                of.getRank(),
                of.getWindow(),
                Window.Phase.TRAIN,
                Action.parse(proto.getAction()),
                new Cause(Cause.Reason.valueOf(proto.getReason()), proto.getFrom(), proto.getEdge()),
                proto.getReady(),
                started,
                ended,
                heard,
                heard + proto.getSent());
    }

    private static List<TracedTensor> tensors(List<WatchedTensor> protos, long window) {
        return protos.stream()
                .map(proto -> new TracedTensor(
                        TensorKey.Kind.valueOf(proto.getKind()),
                        window,
                        proto.getMicrobatch(),
                        proto.getEdge(),
                        proto.getFrom(),
                        proto.getTo(),
                        proto.getAt()))
                .toList();
    }
}
