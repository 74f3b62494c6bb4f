package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.benchmarks.steps.StepModels;
import io.ketju.benchmarks.steps.StepWork;
import io.ketju.benchmarks.training.Workload;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;

/** The jobs whose pipelines are measured. Learning rates are small: the same few batches come thousands of times. */
enum PipelineWork {
    LENET("LeNet-5, batch 64", 64),
    MLP("MLP 784-512-256-10, batch 128", 128),
    WIDE("MLP 784-1024-1024-1024-10, batch 1000", 1000),
    STACK("stack 784, seven times 768, 10, batch 512", 512),
    GPT("GPT of 4 layers, width 256, context 128, batch 8", 8);

    private final String title;
    private final int batchSize;

    PipelineWork(String title, int batchSize) {
        this.title = title;
        this.batchSize = batchSize;
    }

    /** As the tables call it. */
    String title() {
        return title;
    }

    /** Samples of one step. */
    int batchSize() {
        return batchSize;
    }

    /** The sizes of the GPT. */
    WorkSpec gpt() {
        return StepWork.GPT.spec();
    }

    /** Without a head, but the GPT, which has its own. */
    Model model() {
        return switch (this) {
            case LENET -> Models.named("lenet5");
            case MLP -> Models.named("mlp(784, 512, 256, 10)");
            case WIDE -> Models.named("mlp(784, 1024, 1024, 1024, 10)");
            case STACK -> Models.named("mlp(784, 768, 768, 768, 768, 768, 768, 768, 10)");
            case GPT -> StepModels.of(gpt());
        };
    }

    /** One that workers in other processes know by its name. */
    Optimizer optimizer() {
        return switch (this) {
            case LENET -> new Adam(1e-5);
            case GPT -> new Adam(1e-6);
            case MLP, WIDE, STACK -> new SGD(1e-4).withMomentum(0.9);
        };
    }

    /** The whole run under 1F1B. */
    PipelineSpec spec(Partition partition, int microbatches) {
        return Workload.spec(partition, model(), optimizer(), batchSize, microbatches);
    }

    /** The same on one stage. */
    PipelineSpec spec(int microbatches) {
        return spec(Partition.single(model()), microbatches);
    }
}
