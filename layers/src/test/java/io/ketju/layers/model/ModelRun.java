package io.ketju.layers.model;

import io.ketju.layers.Saved;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossValue;
import io.ketju.layers.model.Model.Node;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

/** Trains a whole model on the calling thread: the shortest program that the layers allow. */
final class ModelRun implements AutoCloseable {
    private final Model model;
    private final Optimizer optimizer;
    private final Kernels kernels;
    private final Loss loss = new CrossEntropyLoss();
    private final ParameterBlock block;
    private final TensorArena slot;
    private final List<Saved> saved;
    private long step;

    ModelRun(Model model, Optimizer optimizer, Kernels kernels, int samples) {
        this(model, optimizer, kernels, samples, false);
    }

    ModelRun(Model model, Optimizer optimizer, Kernels kernels, int samples, boolean packing) {
        this.model = model;
        this.optimizer = optimizer;
        this.kernels = kernels;
        block = ParameterBlock.forTraining(model.nodes(), optimizer);
        if (packing) {
            block.allocatePacked(model.nodes());
        }
        long bytes = loss.slotBytes(model.outputShape(), samples);
        for (Node node : model.nodes()) {
            bytes += node.layer().slotBytes(node.input(), samples);
        }
        slot = new TensorArena(bytes);
        saved = model.nodes().stream()
                .map(node -> new Saved(kernels, slot, block.values(node), block.gradients(node), block.packed(node)))
                .toList();
    }

    ParameterBlock block() {
        return block;
    }

    /** Forward, loss and backward of one micro-batch; adds to the gradients. */
    double microbatch(Tensor input, Tensor target, long denominator) {
        slot.reset();
        Tensor tensor = input;
        for (int i = 0; i < saved.size(); i++) {
            saved.get(i).reset(true);
            tensor = model.nodes().get(i).layer().forward(tensor, saved.get(i));
        }
        LossValue value = loss.compute(tensor, target, denominator, kernels, slot);
        Tensor gradient = value.gradOutput();
        for (int i = saved.size() - 1; i >= 0; i--) {
            Node node = model.nodes().get(i);
            Tensor gradInput = node.layer().backwardInput(gradient, saved.get(i));
            node.layer().backwardWeight(gradient, saved.get(i));
            gradient = gradInput;
        }
        return value.lossSum();
    }

    /** One step on one mini-batch cut into micro-batches of equal size; the mean loss. */
    double step(Tensor input, Tensor target, int microbatches) {
        int samples = input.shape().dimension(0);
        int size = samples / microbatches;
        block.clearGradients();
        double sum = 0;
        for (int m = 0; m < microbatches; m++) {
            sum += microbatch(input.samples(m * size, size), target.samples(m * size, size), samples);
        }
        block.update(kernels, optimizer, optimizer.learningRate(), ++step);
        return sum / samples;
    }

    @Override
    public void close() {
        block.close();
        slot.close();
    }
}
