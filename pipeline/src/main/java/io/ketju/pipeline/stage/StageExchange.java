package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;

/**
 * The action G of a stage that has replicas: takes in what those before it have of the mini-batch, adds its own, and hands all of
 * it on. Then the replica with the optimizer's state has everything that it would have of a pipeline that is alone. Not
 * thread-safe.
 */
final class StageExchange implements StageHoldings.Owner {
    /** What a stage has of a mini-batch when its micro-batches are done. */
    record Memory(StageGroups groups, StepTensors untilStep, WindowLosses losses, MicrobatchTypes types) {}

    private final StageReplica tensors;
    private final StageShare share;
    private final Memory memory;
    private final Replicas replicas;
    private final int stage;
    private final List<Step.LossStep> losses;

    StageExchange(
            PipelineSpec spec,
            StagePorts ports,
            StageProgram program,
            ParameterBlock parameters,
            Kernels kernels,
            Memory memory) {
        ExchangedTensors exchanged = ExchangedTensors.of(spec, program);
        tensors = new StageReplica(ports.stage(), ports.replica(), exchanged, parameters, kernels);
        share = new StageShare(ports.stage(), ports.replica(), exchanged, parameters, kernels);
        this.memory = memory;
        replicas = spec.replicas();
        stage = ports.stage();
        losses = program.steps().stream()
                .filter(Step.LossStep.class::isInstance)
                .map(Step.LossStep.class::cast)
                .toList();
    }

    /** See {@link StageReplica}. */
    StageReplica tensors() {
        return tensors;
    }

    /** See {@link StageShare}. */
    StageShare share() {
        return share;
    }

    int outstanding() {
        return tensors.outstanding() + share.outstanding();
    }

    /** Takes in what arrived, if anything; gives what goes on, if anything. */
    List<TensorLease> run(Window window, List<TensorLease> arrived) {
        int before = Math.min(window.microbatches(), replicas.first(stage));
        tensors.takeSums(arrived);
        take(window, before, tensors.rest(arrived));
        memory.groups().addBehindOthers();
        if (tensors.learns()) {
            return List.of();
        }
        int present = before + replicas.present(stage, window.microbatches());
        List<TensorLease> sent = new ArrayList<>(tensors.sendSums());
        put(window, present, sent);
        return sent;
    }

    private void take(Window window, int before, List<TensorLease> arrived) {
        for (int i = 0; i < arrived.size(); i++) {
            try (TensorLease lease = arrived.get(i)) {
                if (i == 0 && memory.untilStep().any()) {
                    memory.untilStep().left(window, before).copyFrom(lease.tensor());
                    for (int m = 0; m < before; m++) {
                        Window.Part part = window.parts().get(m);
                        memory.untilStep()
                                .leftElsewhere(
                                        window, m, memory.types().typed(part).values());
                    }
                } else {
                    memory.losses().take(window, losses, before, new PackedNumbers(lease.tensor()));
                }
            }
        }
    }

    private void put(Window window, int present, List<TensorLease> sent) {
        int behind = 0;
        if (memory.untilStep().any()) {
            TensorLease lease =
                    tensors.lease(behind++, TensorType.of(memory.untilStep().left(window, present)));
            lease.tensor().copyFrom(memory.untilStep().left(window, present));
            sent.add(lease);
        }
        if (!losses.isEmpty()) {
            PackedNumbers numbers = memory.losses().put(window, losses, present);
            TensorLease lease = tensors.lease(behind, numbers.type());
            numbers.pack(lease.tensor());
            sent.add(lease);
        }
    }

    @Override
    public long heldBytes() {
        return tensors.heldBytes() + share.heldBytes();
    }

    @Override
    public void close() {
        tensors.close();
        share.close();
    }
}
