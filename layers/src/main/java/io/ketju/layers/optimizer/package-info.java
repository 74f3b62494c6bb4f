/** Optimizers, named and defaulted as in torch.optim. */
@NullMarked
package io.ketju.layers.optimizer;

import org.jspecify.annotations.NullMarked;
