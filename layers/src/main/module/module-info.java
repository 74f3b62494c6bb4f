/** Layers, losses, optimizers and models, and what finds those of a program's own. */
module io.ketju.layers {
    requires transitive io.ketju.tensor;
    requires static org.jspecify;

    exports io.ketju.layers;
    exports io.ketju.layers.activation;
    exports io.ketju.layers.arithmetic;
    exports io.ketju.layers.attention;
    exports io.ketju.layers.catalogue;
    exports io.ketju.layers.convolution;
    exports io.ketju.layers.embedding;
    exports io.ketju.layers.graph;
    exports io.ketju.layers.initializer;
    exports io.ketju.layers.join;
    exports io.ketju.layers.linear;
    exports io.ketju.layers.loss;
    exports io.ketju.layers.model;
    exports io.ketju.layers.model.zoo;
    exports io.ketju.layers.normalization;
    exports io.ketju.layers.optimizer;
    exports io.ketju.layers.padding;
    exports io.ketju.layers.pooling;
    exports io.ketju.layers.recurrent;
    exports io.ketju.layers.regularization;
    exports io.ketju.layers.shape;
    exports io.ketju.layers.spec;
    exports io.ketju.layers.vision;
    exports io.ketju.layers.vocabulary;

    uses io.ketju.layers.OwnLayers;
    uses io.ketju.layers.loss.OwnLosses;
    uses io.ketju.layers.optimizer.OwnOptimizers;
}
