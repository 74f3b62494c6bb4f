package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.protocol.control.CopyHeld;
import io.ketju.protocol.control.SaveShard;
import io.ketju.protocol.control.SendCopies;
import io.ketju.protocol.control.ShardReady;
import io.ketju.protocol.control.ShardSaved;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The messages of a checkpoint: asked for, ready, saved; and of copies in memory: held, asked for. */
final class CheckpointMessages {
    private final ControlValues values;

    CheckpointMessages(ControlValues values) {
        this.values = values;
    }

    List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>("SaveShard", StageCommand.SaveShard.class, this::write, this::saveShard),
                new WireFormat<>("ShardReady", CoordinatorCommand.ShardReady.class, this::write, this::shardReady),
                new WireFormat<>("ShardSaved", CoordinatorCommand.ShardSaved.class, this::write, this::shardSaved),
                new WireFormat<>("CopyHeld", CoordinatorCommand.CopyHeld.class, this::write, this::copyHeld),
                new WireFormat<>("SendCopies", WorkerCommand.SendCopies.class, this::write, this::sendCopies));
    }

    private SaveShard write(StageCommand.SaveShard message) {
        return SaveShard.newBuilder()
                .setIncarnation(message.incarnation())
                .setStep(message.step())
                .setDirectory(message.directory().toString())
                .build();
    }

    private StageCommand.SaveShard saveShard(byte[] bytes) throws InvalidProtocolBufferException {
        SaveShard proto = SaveShard.parseFrom(bytes);
        return new StageCommand.SaveShard(proto.getIncarnation(), proto.getStep(), Path.of(proto.getDirectory()));
    }

    private ShardReady write(CoordinatorCommand.ShardReady message) {
        return ShardReady.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setStep(message.step())
                .build();
    }

    private CoordinatorCommand.ShardReady shardReady(byte[] bytes) throws InvalidProtocolBufferException {
        ShardReady proto = ShardReady.parseFrom(bytes);
        return new CoordinatorCommand.ShardReady(proto.getIncarnation(), proto.getStage(), proto.getStep());
    }

    private ShardSaved write(CoordinatorCommand.ShardSaved message) {
        return ShardSaved.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setStep(message.step())
                .setShard(values.write(message.shard()))
                .build();
    }

    private CoordinatorCommand.ShardSaved shardSaved(byte[] bytes) throws InvalidProtocolBufferException {
        ShardSaved proto = ShardSaved.parseFrom(bytes);
        return new CoordinatorCommand.ShardSaved(
                proto.getIncarnation(), proto.getStage(), proto.getStep(), values.read(proto.getShard()));
    }

    private CopyHeld write(CoordinatorCommand.CopyHeld message) {
        return CopyHeld.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setStep(message.step())
                .build();
    }

    private CoordinatorCommand.CopyHeld copyHeld(byte[] bytes) throws InvalidProtocolBufferException {
        CopyHeld proto = CopyHeld.parseFrom(bytes);
        return new CoordinatorCommand.CopyHeld(proto.getIncarnation(), proto.getStage(), proto.getStep());
    }

    private SendCopies write(WorkerCommand.SendCopies message) {
        return SendCopies.newBuilder()
                .setNext(values.write(message.next()))
                .setIncarnation(message.incarnation())
                .setStep(message.step())
                .addAllStages(message.stages())
                .setFolderHost(message.folder().getHostString())
                .setFolderPort(message.folder().getPort())
                .build();
    }

    private WorkerCommand.SendCopies sendCopies(byte[] bytes) throws InvalidProtocolBufferException {
        SendCopies proto = SendCopies.parseFrom(bytes);
        return new WorkerCommand.SendCopies(
                values.read(proto.getNext()),
                proto.getIncarnation(),
                proto.getStep(),
                proto.getStagesList(),
                new InetSocketAddress(proto.getFolderHost(), proto.getFolderPort()));
    }
}
