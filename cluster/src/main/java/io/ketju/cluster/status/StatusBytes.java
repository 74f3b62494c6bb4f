package io.ketju.cluster.status;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.protocol.status.DirectedRun;
import io.ketju.protocol.status.HeldRun;
import io.ketju.protocol.status.MemberEntry;
import io.ketju.protocol.status.NodeAnswer;
import java.time.Instant;
import java.util.Optional;

/** A status as Protobuf. */
public final class StatusBytes {
    private StatusBytes() {}

    /** Writes it. */
    static byte[] write(NodeStatus status) {
        NodeAnswer.Builder answer = NodeAnswer.newBuilder()
                .setAddress(status.address())
                .setRole(status.role())
                .setVersion(status.version())
                .setControlVersion(status.controlVersion())
                .setThreads(status.threads())
                .setSinceMillis(status.since().toEpochMilli())
                .setLeaving(status.leaving())
                .addAllMembers(
                        status.members().stream().map(StatusBytes::member).toList());
        status.held().map(StatusBytes::held).ifPresent(answer::setHeld);
        status.directed().map(StatusBytes::directed).ifPresent(answer::setDirected);
        return answer.build().toByteArray();
    }

    /**
     * {@return the status that bytes from another node say; its texts may hold anything}
     *
     * @param bytes of {@link StatusBoard#answer}
     * @throws InvalidProtocolBufferException for what is none
     */
    public static NodeStatus read(byte[] bytes) throws InvalidProtocolBufferException {
        NodeAnswer answer = NodeAnswer.parseFrom(bytes);
        return new NodeStatus(
                answer.getAddress(),
                answer.getRole(),
                answer.getVersion(),
                answer.getControlVersion(),
                answer.getThreads(),
                Instant.ofEpochMilli(answer.getSinceMillis()),
                answer.getMembersList().stream().map(StatusBytes::member).toList(),
                answer.hasHeld() ? Optional.of(held(answer.getHeld())) : Optional.empty(),
                answer.hasDirected() ? Optional.of(directed(answer.getDirected())) : Optional.empty(),
                answer.getLeaving());
    }

    private static MemberEntry member(NodeStatus.Member member) {
        return MemberEntry.newBuilder()
                .setAddress(member.address())
                .setRole(member.role())
                .setState(member.state())
                .setReachable(member.reachable())
                .build();
    }

    private static NodeStatus.Member member(MemberEntry entry) {
        return new NodeStatus.Member(entry.getAddress(), entry.getRole(), entry.getState(), entry.getReachable());
    }

    private static HeldRun held(NodeStatus.Held held) {
        return HeldRun.newBuilder()
                .setRun(held.run())
                .setDirector(held.director())
                .addAllStages(held.stages())
                .setOf(held.of())
                .setConnected(held.connected())
                .build();
    }

    private static NodeStatus.Held held(HeldRun held) {
        return new NodeStatus.Held(
                held.getRun(), held.getDirector(), held.getStagesList(), held.getOf(), held.getConnected());
    }

    private static DirectedRun directed(NodeStatus.Directed run) {
        return DirectedRun.newBuilder()
                .setJob(run.job())
                .setFolder(run.folder())
                .setState(run.state())
                .setEpoch(run.epoch())
                .setEpochs(run.epochs())
                .setStep(run.step())
                .setSteps(run.steps())
                .setStages(run.stages())
                .setRestarts(run.restarts())
                .build();
    }

    private static NodeStatus.Directed directed(DirectedRun run) {
        return new NodeStatus.Directed(
                run.getJob(),
                run.getFolder(),
                run.getState(),
                run.getEpoch(),
                run.getEpochs(),
                run.getStep(),
                run.getSteps(),
                run.getStages(),
                run.getRestarts());
    }
}
