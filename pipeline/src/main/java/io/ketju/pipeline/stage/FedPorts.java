package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Tensor;

/**
 * Where what a stage reads of the batch goes: to the layers that read an input of the model, to the losses that have a target, or to both
 * where a loss compares with the input itself.
 */
final class FedPorts {
    private final boolean[] inputs;
    private final boolean[] targets;

    FedPorts(StageProgram program) {
        BatchPorts ports = BatchPorts.of(program.model());
        inputs = new boolean[ports.names().size()];
        targets = new boolean[ports.names().size()];
        for (Step step : program.steps()) {
            step.inputs().stream().filter(Value::isInput).forEach(value -> inputs[value.inputIndex()] = true);
            if (step instanceof Step.LossStep loss) {
                loss.head().targets().forEach(name -> targets[ports.position(name)] = true);
            }
        }
    }

    void place(MicrobatchSlot slot, int port, Tensor tensor) {
        if (inputs[port]) {
            slot.arrived(Value.ofInput(port), tensor);
        }
        if (targets[port]) {
            slot.fed(port, tensor);
        }
    }
}
