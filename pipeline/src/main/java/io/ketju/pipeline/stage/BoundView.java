package io.ketju.pipeline.stage;

import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.program.Step.Flow;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;

/** A layer whose output is its input under another shape: nothing is computed, and its tensors are made once if they can be. */
final class BoundView implements BoundStep {
    private final Step.LayerStep step;
    private final SlotTensors tensors;
    private final Kernels kernels;
    private final int input;
    private final int output;
    private final Shape inputShape;
    private final Shape outputShape;
    private final Flow flow;

    /** Earlier steps have made their values. */
    BoundView(Step.LayerStep step, SlotTensors tensors, Kernels kernels) {
        this.step = step;
        this.tensors = tensors;
        this.kernels = kernels;
        input = tensors.cell(step.inputs().getFirst());
        output = tensors.cell(step.outputs().getFirst());
        inputShape = tensors.types().of(step.inputs().getFirst()).shape();
        outputShape = tensors.types().of(step.outputs().getFirst()).shape();
        flow = step.flows().getFirst();
        boolean foreign = tensors.foreignValue(input);
        tensors.foreignValue(output, foreign);
        if (!foreign) {
            tensors.value(output, tensors.value(input).view(outputShape));
        }
    }

    @Override
    public void placeGradients() {
        if (flow == Flow.FIRST) {
            boolean foreign = tensors.foreignGradient(output);
            tensors.foreignGradient(input, foreign);
            if (!foreign) {
                tensors.gradient(input, tensors.gradient(output).view(inputShape));
            }
        }
    }

    @Override
    public void forward(Microbatch microbatch) {
        if (tensors.foreignValue(input)) {
            tensors.value(output, tensors.value(input).view(outputShape));
        }
    }

    @Override
    public void resume(Microbatch microbatch) {
        forward(microbatch);
    }

    @Override
    public void inputGradients() {
        if (flow == Flow.FIRST && tensors.foreignGradient(output)) {
            tensors.gradient(input, tensors.gradient(output).view(inputShape));
        } else if (flow == Flow.ADD) {
            Tensor sum = tensors.gradient(input);
            kernels.elementwise()
                    .binary(Binary.ADD, sum, tensors.gradient(output).view(inputShape), sum);
        }
    }

    @Override
    public void weightGradients() {}

    @Override
    public String name() {
        return step.node().toString();
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public Tensor output(int index) {
        return tensors.value(output);
    }
}
