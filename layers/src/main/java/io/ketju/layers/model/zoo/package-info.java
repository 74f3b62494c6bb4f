/**
 * The model zoo: known architectures in code, and in job files.
 *
 * <p>The path of a name: {@link io.ketju.layers.model.zoo.Models#named} reads {@code gpt(...)}, finds its line in the table, and builds
 * the graph by a {@code ModelBuilder}. Each is a block or a whole graph of layers whose parameters are called as in PyTorch's
 * modules, and can be cut anywhere.
 */
@NullMarked
package io.ketju.layers.model.zoo;

import org.jspecify.annotations.NullMarked;
