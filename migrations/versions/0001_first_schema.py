"""The first schema.

Revision 0001. One file, one purpose: expand, deploy, contract.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    op.create_table('calendar',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('pattern', JSON, nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_calendar'))
    )
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day'))
    )
    op.create_table('deployment',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deployment'))
    )
    op.create_table('history_payload',
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('instance_id', 'seq', name=op.f('pk_history_payload'))
    )
    op.create_table('number_series',
    sa.Column('procedure', sa.String(length=64), nullable=False),
    sa.Column('period', sa.String(length=16), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('procedure', 'period', name=op.f('pk_number_series'))
    )
    op.create_table('periodic_run',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('slot', sa.String(length=40), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('name', 'slot', name=op.f('pk_periodic_run'))
    )
    op.create_table('person',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    op.create_table('setting',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('unit',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('parent', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('calendar', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['parent'], ['unit.id'], name=op.f('fk_unit_parent')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit'))
    )
    op.create_table('definition',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('deployment_id', ID, nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('family', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['deployment_id'], ['deployment.id'], name=op.f('fk_definition_deployment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_definition_key_version'))
    )
    op.create_index('ix_definition_active', 'definition', ['key'], unique=True, sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'"))
    op.create_table('membership',
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('unit', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_membership_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_membership_unit')),
    sa.PrimaryKeyConstraint('person', 'unit', 'role', name=op.f('pk_membership'))
    )
    op.create_index(op.f('ix_membership_role'), 'membership', ['role'], unique=False)
    op.create_index(op.f('ix_membership_unit'), 'membership', ['unit'], unique=False)
    op.create_table('instance',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('definition_id', ID, nullable=False),
    sa.Column('state', sa.LargeBinary(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('started_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('history_seq', sa.Integer(), nullable=False),
    sa.Column('history_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_instance_definition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instance'))
    )
    op.create_index(op.f('ix_instance_definition_id'), 'instance', ['definition_id'], unique=False)
    op.create_table('resource',
    sa.Column('definition_id', ID, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_resource_definition_id')),
    sa.PrimaryKeyConstraint('definition_id', 'name', name=op.f('pk_resource'))
    )
    op.create_table('history',
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_history_instance_id')),
    sa.PrimaryKeyConstraint('instance_id', 'seq', name=op.f('pk_history'))
    )
    op.create_table('incident',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=True),
    sa.Column('job_id', ID, nullable=True),
    sa.Column('timer_id', ID, nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('payload', JSON, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('resolved_by', sa.String(length=64), nullable=True),
    sa.Column('resolved_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_incident_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index(op.f('ix_incident_instance_id'), 'incident', ['instance_id'], unique=False)
    op.create_index('ix_incident_open', 'incident', ['at'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('job',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('token_id', sa.String(length=32), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.Column('topic', sa.String(length=100), nullable=False),
    sa.Column('payload', JSON, nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('run_at', MOMENT, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', MOMENT, nullable=True),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_job_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_job_idempotency_key'))
    )
    op.create_index(op.f('ix_job_instance_id'), 'job', ['instance_id'], unique=False)
    op.create_index('ix_job_leased', 'job', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'leased'"), postgresql_where=sa.text("state = 'leased'"))
    op.create_index('ix_job_ready', 'job', ['run_at', 'id'], unique=False, sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
    op.create_table('message_wait',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('token_id', sa.String(length=32), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_message_wait_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_wait')),
    sa.UniqueConstraint('name', 'key', 'instance_id', 'token_id', name=op.f('uq_message_wait_name_key_instance_id_token_id'))
    )
    op.create_index(op.f('ix_message_wait_instance_id'), 'message_wait', ['instance_id'], unique=False)
    op.create_table('outbox',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=True),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('recipient', sa.String(length=140), nullable=False),
    sa.Column('notice', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('run_at', MOMENT, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', MOMENT, nullable=True),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_outbox_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_outbox_idempotency_key'))
    )
    op.create_index(op.f('ix_outbox_instance_id'), 'outbox', ['instance_id'], unique=False)
    op.create_index('ix_outbox_leased', 'outbox', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'leased'"), postgresql_where=sa.text("state = 'leased'"))
    op.create_index('ix_outbox_ready', 'outbox', ['run_at', 'id'], unique=False, sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
    op.create_table('timer',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('token_id', sa.String(length=32), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.Column('host', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('text', sa.String(length=100), nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('remaining', sa.Integer(), nullable=True),
    sa.Column('calendar', sa.String(length=64), nullable=True),
    sa.Column('calendar_version', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=16), server_default='waiting', nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_timer_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer')),
    sa.UniqueConstraint('instance_id', 'token_id', name=op.f('uq_timer_instance_id_token_id'))
    )
    op.create_index('ix_timer_due', 'timer', ['due_at', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('user_task',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('token_id', sa.String(length=32), nullable=False),
    sa.Column('element_id', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('item', sa.String(length=100), nullable=False),
    sa.Column('host', sa.String(length=32), nullable=False),
    sa.Column('assignee', sa.String(length=64), nullable=True),
    sa.Column('groups', JSON, nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('due_at', MOMENT, nullable=True),
    sa.Column('due_text', sa.String(length=100), nullable=True),
    sa.Column('due_from', MOMENT, nullable=True),
    sa.Column('warn_at', MOMENT, nullable=True),
    sa.Column('calendar', sa.String(length=64), nullable=True),
    sa.Column('calendar_version', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('claimed_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_user_task_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_task'))
    )
    op.create_index('ix_user_task_done', 'user_task', ['ended_by', 'ended_at'], unique=False)
    op.create_index('ix_user_task_held', 'user_task', ['assignee'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_index('ix_user_task_instance', 'user_task', ['instance_id', 'state'], unique=False)
    op.create_index('uq_user_task_open_token', 'user_task', ['instance_id', 'token_id'], unique=True)
    op.create_table('work_order',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', ID, nullable=False),
    sa.Column('process', sa.String(length=64), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=True),
    sa.Column('urgency', sa.String(length=32), nullable=True),
    sa.Column('channel', sa.String(length=32), nullable=True),
    sa.Column('requester', sa.String(length=100), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('unit', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('due_at', MOMENT, nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.Column('record', JSON, nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], name=op.f('fk_work_order_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_order')),
    sa.UniqueConstraint('instance_id', name=op.f('uq_work_order_instance_id')),
    sa.UniqueConstraint('number', name=op.f('uq_work_order_number'))
    )
    op.create_index('ix_work_order_created_by', 'work_order', ['created_by', 'received_at'], unique=False)
    op.create_index('ix_work_order_phone', 'work_order', ['phone', 'received_at'], unique=False)
    op.create_index('ix_work_order_place', 'work_order', ['place', 'received_at'], unique=False)
    op.create_table('inbox',
    sa.Column('principal', sa.String(length=140), nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('user_task_id', ID, nullable=False),
    sa.ForeignKeyConstraint(['user_task_id'], ['user_task.id'], name=op.f('fk_inbox_user_task_id')),
    sa.PrimaryKeyConstraint('principal', 'due_at', 'user_task_id', name=op.f('pk_inbox'))
    )
    op.create_index(op.f('ix_inbox_user_task_id'), 'inbox', ['user_task_id'], unique=False)
    op.create_table('link',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('order_id', ID, nullable=False),
    sa.Column('other_id', ID, nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_link_order_id')),
    sa.ForeignKeyConstraint(['other_id'], ['work_order.id'], name=op.f('fk_link_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link')),
    sa.UniqueConstraint('order_id', 'other_id', 'kind', name=op.f('uq_link_order_id_other_id_kind'))
    )
    op.create_index(op.f('ix_link_order_id'), 'link', ['order_id'], unique=False)
    op.create_index(op.f('ix_link_other_id'), 'link', ['other_id'], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index(op.f('ix_link_other_id'), table_name='link')
    op.drop_index(op.f('ix_link_order_id'), table_name='link')
    op.drop_table('link')
    op.drop_index(op.f('ix_inbox_user_task_id'), table_name='inbox')
    op.drop_table('inbox')
    op.drop_index('ix_work_order_place', table_name='work_order')
    op.drop_index('ix_work_order_phone', table_name='work_order')
    op.drop_index('ix_work_order_created_by', table_name='work_order')
    op.drop_table('work_order')
    op.drop_index('uq_user_task_open_token', table_name='user_task')
    op.drop_index('ix_user_task_instance', table_name='user_task')
    op.drop_index('ix_user_task_held', table_name='user_task', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_user_task_done', table_name='user_task')
    op.drop_table('user_task')
    op.drop_index('ix_timer_due', table_name='timer', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('timer')
    op.drop_index('ix_outbox_ready', table_name='outbox', sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
    op.drop_index('ix_outbox_leased', table_name='outbox', sqlite_where=sa.text("state = 'leased'"), postgresql_where=sa.text("state = 'leased'"))
    op.drop_index(op.f('ix_outbox_instance_id'), table_name='outbox')
    op.drop_table('outbox')
    op.drop_index(op.f('ix_message_wait_instance_id'), table_name='message_wait')
    op.drop_table('message_wait')
    op.drop_index('ix_job_ready', table_name='job', sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
    op.drop_index('ix_job_leased', table_name='job', sqlite_where=sa.text("state = 'leased'"), postgresql_where=sa.text("state = 'leased'"))
    op.drop_index(op.f('ix_job_instance_id'), table_name='job')
    op.drop_table('job')
    op.drop_index('ix_incident_open', table_name='incident', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_incident_instance_id'), table_name='incident')
    op.drop_table('incident')
    op.drop_table('history')
    op.drop_table('resource')
    op.drop_index(op.f('ix_instance_definition_id'), table_name='instance')
    op.drop_table('instance')
    op.drop_index(op.f('ix_membership_unit'), table_name='membership')
    op.drop_index(op.f('ix_membership_role'), table_name='membership')
    op.drop_table('membership')
    op.drop_index('ix_definition_active', table_name='definition', sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'"))
    op.drop_table('definition')
    op.drop_table('unit')
    op.drop_table('setting')
    op.drop_table('person')
    op.drop_table('periodic_run')
    op.drop_table('number_series')
    op.drop_table('history_payload')
    op.drop_table('deployment')
    op.drop_table('calendar_day')
    op.drop_table('calendar')
