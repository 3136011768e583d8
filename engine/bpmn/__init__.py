"""BPMN and DMN: reading, checking and running diagrams. The only home of SpiffWorkflow and lxml."""
