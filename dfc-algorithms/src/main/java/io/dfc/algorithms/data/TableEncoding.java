package io.dfc.algorithms.data;

import java.util.List;

/**
 * How the rows of a table become numbers.
 *
 * @param target name of the target column
 * @param columns the other columns that are used, in the order of the inputs
 * @param missing what becomes of missing cells
 * @param targets how the target column becomes numbers
 */
public record TableEncoding(
        String target, List<ColumnEncoding> columns, MissingPolicy missing, TargetEncoding targets)
        implements DataEncoding {
    /** Keeps a copy. */
    public TableEncoding {
        columns = List.copyOf(columns);
    }

    @Override
    public int inputs() {
        return columns.stream().mapToInt(ColumnEncoding::width).sum();
    }

    /**
     * Chooses what becomes of missing cells.
     *
     * @param policy the policy
     * @return the changed encoding
     */
    public TableEncoding withMissing(MissingPolicy policy) {
        return new TableEncoding(target, columns, policy, targets);
    }
}
