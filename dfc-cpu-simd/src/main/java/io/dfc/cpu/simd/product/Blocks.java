package io.dfc.cpu.simd.product;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** All register blocks of a form, made when first needed. */
final class Blocks {
    private final BlockForm form;

    /** By width and height. */
    private final AtomicReferenceArray<ProductBlock> made =
            new AtomicReferenceArray<>((BlockShape.WIDEST + 1) * (BlockShape.TALLEST + 1));

    Blocks(BlockForm form) {
        this.form = form;
    }

    /** The block of so many rows by so many vectors. */
    ProductBlock get(int rows, int vectors) {
        int place = vectors * (BlockShape.TALLEST + 1) + rows;
        ProductBlock block = made.getAcquire(place);
        if (block == null) {
            block = BlockWriter.block(form, rows, vectors);
            if (!made.compareAndSet(place, null, block)) {
                block = made.get(place);
            }
        }
        return block;
    }
}
