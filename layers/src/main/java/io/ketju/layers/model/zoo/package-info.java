/**
 * The model zoo: known architectures in code, and, by {@link io.ketju.layers.model.zoo.Models#named}, in job files. Each is a
 * block or a whole graph of layers whose parameters are called as in PyTorch's modules, and can be cut anywhere.
 */
@NullMarked
package io.ketju.layers.model.zoo;

import org.jspecify.annotations.NullMarked;
