package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.protocol.control.SumsMade;
import io.ketju.protocol.control.TakeSums;
import java.util.List;

/** The messages of steps that wait for sums over the whole model. */
final class SumsMessages {
    private SumsMessages() {}

    static List<WireFormat<?>> formats() {
        return List.of(
                new WireFormat<>(
                        "SumsMade", CoordinatorCommand.SumsMade.class, SumsMessages::write, SumsMessages::sumsMade),
                new WireFormat<>("TakeSums", StageCommand.TakeSums.class, SumsMessages::write, SumsMessages::takeSums));
    }

    private static SumsMade write(CoordinatorCommand.SumsMade message) {
        return SumsMade.newBuilder()
                .setIncarnation(message.incarnation())
                .setStage(message.stage())
                .setWindow(message.window())
                .addAllSums(message.sums())
                .build();
    }

    private static CoordinatorCommand.SumsMade sumsMade(byte[] bytes) throws InvalidProtocolBufferException {
        SumsMade proto = SumsMade.parseFrom(bytes);
        return new CoordinatorCommand.SumsMade(
                proto.getIncarnation(), proto.getStage(), proto.getWindow(), proto.getSumsList());
    }

    private static TakeSums write(StageCommand.TakeSums message) {
        return TakeSums.newBuilder()
                .setIncarnation(message.incarnation())
                .setWindow(message.window())
                .addAllSums(message.sums())
                .build();
    }

    private static StageCommand.TakeSums takeSums(byte[] bytes) throws InvalidProtocolBufferException {
        TakeSums proto = TakeSums.parseFrom(bytes);
        return new StageCommand.TakeSums(proto.getIncarnation(), proto.getWindow(), proto.getSumsList());
    }
}
