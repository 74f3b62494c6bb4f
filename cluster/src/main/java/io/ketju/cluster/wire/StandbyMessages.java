package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.protocol.control.Follow;
import io.ketju.protocol.control.FollowRefused;
import io.ketju.protocol.control.ParcelKept;
import io.ketju.protocol.control.RunEnded;
import io.ketju.protocol.control.RunTakenOver;
import io.ketju.protocol.control.StandbyAnswer;
import io.ketju.protocol.control.StandbyReady;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** What those say who direct a run, and those who stand by for it. */
final class StandbyMessages {
    private final ActorRefResolver resolver;

    StandbyMessages(ActorRefResolver resolver) {
        this.resolver = resolver;
    }

    List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>("Follow", StandbyCommand.Follow.class, this::write, this::follow),
                new WireFormat<>("RunEnded", StandbyCommand.Ended.class, this::write, this::ended),
                new WireFormat<>(
                        "StandbyReady", StandbyReport.Ready.class, StandbyMessages::write, StandbyMessages::ready),
                new WireFormat<>("ParcelKept", StandbyReport.Kept.class, StandbyMessages::write, StandbyMessages::kept),
                new WireFormat<>(
                        "FollowRefused", StandbyReport.Refused.class, StandbyMessages::write, StandbyMessages::refused),
                new WireFormat<>(
                        "RunTakenOver",
                        StandbyReport.TakenOver.class,
                        StandbyMessages::write,
                        StandbyMessages::takenOver),
                answer(
                        "FolderShared",
                        StandbyReport.SharesFolder.class,
                        StandbyReport.SharesFolder::way,
                        StandbyReport.SharesFolder::new),
                answer(
                        "EndHeard",
                        StandbyReport.EndHeard.class,
                        StandbyReport.EndHeard::way,
                        StandbyReport.EndHeard::new),
                answer("StandbyLeft", StandbyReport.Left.class, StandbyReport.Left::way, StandbyReport.Left::new));
    }

    /** One that says nothing but its name. */
    private static <T> WireFormat<T> answer(
            String manifest, Class<T> type, ToLongFunction<T> way, LongFunction<T> read) {
        return new WireFormat<>(
                manifest,
                type,
                message -> StandbyAnswer.newBuilder()
                        .setWay(way.applyAsLong(message))
                        .build(),
                bytes -> read.apply(StandbyAnswer.parseFrom(bytes).getWay()));
    }

    private Follow write(StandbyCommand.Follow message) {
        return Follow.newBuilder()
                .setWay(message.way())
                .setHolder(message.holder())
                .addAllCopying(message.copying())
                .setDirector(resolver.toSerializationFormat(message.director()))
                .build();
    }

    private StandbyCommand.Follow follow(byte[] bytes) throws InvalidProtocolBufferException {
        Follow proto = Follow.parseFrom(bytes);
        return new StandbyCommand.Follow(
                proto.getWay(),
                proto.getHolder(),
                proto.getCopyingList(),
                resolver.resolveActorRef(proto.getDirector()));
    }

    private RunEnded write(StandbyCommand.Ended message) {
        return RunEnded.newBuilder()
                .setWay(message.way())
                .setOutcome(RunEnded.Outcome.valueOf(message.end().outcome().name()))
                .setLine(message.end().line())
                .setDirector(resolver.toSerializationFormat(message.director()))
                .build();
    }

    private StandbyCommand.Ended ended(byte[] bytes) throws InvalidProtocolBufferException {
        RunEnded proto = RunEnded.parseFrom(bytes);
        return new StandbyCommand.Ended(
                proto.getWay(),
                new DriverNote.End(DriverNote.Outcome.valueOf(proto.getOutcome().name()), proto.getLine()),
                resolver.resolveActorRef(proto.getDirector()));
    }

    private static StandbyReady write(StandbyReport.Ready message) {
        return StandbyReady.newBuilder()
                .setWay(message.way())
                .setDataHost(message.data().getHostString())
                .setDataPort(message.data().getPort())
                .build();
    }

    private static StandbyReport.Ready ready(byte[] bytes) throws InvalidProtocolBufferException {
        StandbyReady proto = StandbyReady.parseFrom(bytes);
        return new StandbyReport.Ready(
                proto.getWay(),
                ControlValues.data(proto.getDataHost(), proto.getDataPort())
                        .orElseThrow(
                                () -> new IllegalArgumentException("expected where the data goes, found nothing")));
    }

    private static ParcelKept write(StandbyReport.Kept message) {
        return ParcelKept.newBuilder()
                .setWay(message.way())
                .setParcel(message.parcel())
                .build();
    }

    private static StandbyReport.Kept kept(byte[] bytes) throws InvalidProtocolBufferException {
        ParcelKept proto = ParcelKept.parseFrom(bytes);
        return new StandbyReport.Kept(proto.getWay(), proto.getParcel());
    }

    private static FollowRefused write(StandbyReport.Refused message) {
        return FollowRefused.newBuilder()
                .setWay(message.way())
                .setCause(message.cause())
                .build();
    }

    private static StandbyReport.Refused refused(byte[] bytes) throws InvalidProtocolBufferException {
        FollowRefused proto = FollowRefused.parseFrom(bytes);
        return new StandbyReport.Refused(proto.getWay(), proto.getCause());
    }

    private static RunTakenOver write(StandbyReport.TakenOver message) {
        return RunTakenOver.newBuilder()
                .setWay(message.way())
                .setStart(message.start())
                .build();
    }

    private static StandbyReport.TakenOver takenOver(byte[] bytes) throws InvalidProtocolBufferException {
        RunTakenOver proto = RunTakenOver.parseFrom(bytes);
        return new StandbyReport.TakenOver(proto.getWay(), proto.getStart());
    }
}
