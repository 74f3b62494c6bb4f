/**
 * Tensors, memory, the worker pool and the kernels. Whoever is on the module path gets the Vector API with it; on the class path
 * {@code --add-modules} brings it.
 */
module io.ketju.tensor {
    requires jdk.incubator.vector;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.ketju.tensor;
    exports io.ketju.tensor.core;
    exports io.ketju.tensor.kernel;
    exports io.ketju.tensor.kernel.activation;
    exports io.ketju.tensor.kernel.attention;
    exports io.ketju.tensor.kernel.convolution;
    exports io.ketju.tensor.kernel.dropout;
    exports io.ketju.tensor.kernel.elementwise;
    exports io.ketju.tensor.kernel.formula;
    exports io.ketju.tensor.kernel.indexing;
    exports io.ketju.tensor.kernel.loss;
    exports io.ketju.tensor.kernel.matrix;
    exports io.ketju.tensor.kernel.normalization;
    exports io.ketju.tensor.kernel.pooling;
    exports io.ketju.tensor.kernel.recurrent;
    exports io.ketju.tensor.kernel.reduction;
    exports io.ketju.tensor.kernel.resampling;
    exports io.ketju.tensor.kernel.softmax;
    exports io.ketju.tensor.kernel.sparse;
    exports io.ketju.tensor.kernel.update;
    exports io.ketju.tensor.kernel.vocabulary;
    exports io.ketju.tensor.memory;
    exports io.ketju.tensor.random;
}
