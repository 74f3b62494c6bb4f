/** Layers of torch.nn's vision: planes enlarged and reduced ({@link Upsample}), channels made planes ({@link PixelShuffle}). */
@NullMarked
package io.ketju.layers.vision;

import org.jspecify.annotations.NullMarked;
